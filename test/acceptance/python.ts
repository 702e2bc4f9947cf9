import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache');

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Python, or what the scenarios need of it, cannot be had; the message says why. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/**
 * A Python that has exactly what a file of requirements names, installed the first time it is asked for.
 * @param requirements a file whose every line has a version and hashes, as `pip install --require-hashes` asks
 * @returns the interpreter's path
 * @throws SetupError with what pip says, or when there is no python3
 */
export const pythonWith = async (requirements: string): Promise<string> => {
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(cache, `python-${digest.slice(0, 16)}`);
  const python = join(folder, 'bin', 'python');
  const whole = join(folder, 'whole');
  if (await exists(whole)) return python;
  await rm(folder, { recursive: true, force: true });
  try {
    await execute('python3', ['-m', 'venv', folder]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
    await execute(python, [...install, '-r', requirements]);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new SetupError(`python3 with ${requirements} cannot be had: ${said}`, { cause: error });
  }
  await mkdir(whole);
  return python;
};
