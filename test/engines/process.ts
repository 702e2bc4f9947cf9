import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BrowserProcess {
  /** A folder of its own, which is removed at the end. */
  readonly folder: string;
  /** Resolves with what the pattern's group finds in the output. @throws Error with the output, if the process ends before */
  readonly find: (pattern: RegExp) => Promise<string>;
  readonly end: () => Promise<void>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Puts what the program needs into its folder. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** Starts a program in a process group of its own. @param args gets the folder */
export const startProcess = async (
  command: string,
  args: (folder: string) => readonly string[],
  { env = {}, prepare }: StartOptions = {},
): Promise<BrowserProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  await prepare?.(folder);
  const child: ChildProcess = spawn(command, args(folder), {
    ...{ detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, HOME: folder, ...env },
  });
  let output = '';
  const look = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      output += piece.toString();
      for (const each of look) each();
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', (error) => {
      output += String(error);
      resolve();
    });
  });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  process.once('exit', kill);
  return {
    folder,
    find: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = pattern.exec(output)?.[1];
          if (found !== undefined) resolve(found);
        };
        look.add(check);
        check();
        void ended.then(() => {
          reject(new Error(`${command} ended: ${output.slice(-2_000)}`));
        });
      }),
    end: async () => {
      kill();
      await ended;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
