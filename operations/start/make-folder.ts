import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder and those above it. Node's own `recursive` never ends where a folder cannot be made and the system says ENOENT, as in
 * /proc (seen with Node.js 20 and 24; like https://github.com/nodejs/node/issues/27198).
 * @throws Error with the code of the system's call, and the path of the folder that could not be made
 */
export const makeFolder = async (folder: string): Promise<void> => {
  if (existsSync(folder)) return;
  await makeFolder(dirname(resolve(folder)));
  await mkdir(folder).catch((error: unknown) => {
    // Another process has made it meanwhile.
    if (!existsSync(folder)) throw error;
  });
};
