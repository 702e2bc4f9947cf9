import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { worstCase } from '../tools/worst-case.ts';

const outputsSchema = z.record(z.string(), z.object({ ApiUrl: z.string() }));

/** What `npm start` runs, in a process of its own. */
export interface StartedService {
  readonly url: string;
  readonly apiUrl: string;
  /** Ends the process without a word. */
  readonly kill: () => Promise<void>;
}

/** @param port 0 picks a free one. @throws Error if the service ends before it is ready. */
export const npmStart = async (port: number): Promise<StartedService> => {
  const folder = await mkdtemp(join(tmpdir(), 'outputs-'));
  const file = join(folder, 'outputs.json');
  const child = spawn(
    process.execPath,
    [
      ...['--no-warnings', '--conditions=@sqs-browser/source', 'operations/cli/sqs-browser.ts', 'start'],
      ...(worstCase ? ['--worst-case'] : []),
    ],
    {
      env: { ...process.env, PORT: `${port}`, OUTPUTS_FILE: file, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface(child.stdout)) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (!url) continue;
    child.stdout.resume();
    const [outputs] = Object.values(outputsSchema.parse(JSON.parse(await readFile(file, 'utf8'))));
    return { url, apiUrl: outputs?.ApiUrl ?? '', kill };
  }
  await kill();
  throw new Error('The service ended before it was ready');
};
