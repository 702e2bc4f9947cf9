import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** What a program printed until it ended, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const begin = ({ command, args, env, cwd = root, signal }: Program): { child: ChildProcess; output: () => string } => {
  const child = spawn(command, args, { env: { ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let output = '';
  const keep = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, output: () => output };
};

/** Runs a program to its end. */
export const run = (program: Program): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const { child, output } = begin(program);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output: output() });
    });
  });

/** A program that serves until it is stopped. `await using` stops it. */
export interface Served extends AsyncDisposable {
  /** What made `ready` match. */
  readonly match: readonly string[];
  readonly output: () => string;
}

/**
 * Starts a program and waits until what it printed matches.
 * @throws Error with its output when it ends before
 */
export const serve = async (program: Program, ready: RegExp): Promise<Served> => {
  const { child, output } = begin(program);
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const match = await new Promise<readonly string[]>((resolve, reject) => {
    const look = (): void => {
      const found = ready.exec(output());
      if (found) resolve(found);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('error', reject);
    void ended.then(() => {
      reject(new Error(`${program.command} ${program.args.join(' ')} ended:\n${output()}`));
    });
  });
  return {
    match,
    output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
};
