import { afterAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../operations/cli/program.ts';
import { announceService } from '../../../operations/start/running-services.ts';
import type { ServiceOptions } from '../../../operations/start/service.ts';
import { startService } from '../../../operations/start/service.ts';
import { serviceMode } from '../../tools/worst-case.ts';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  /** Lines of the answer. */
  readonly lines: readonly string[];
  /** Lines beside the answer. */
  readonly notes: readonly string[];
  readonly progress: readonly string[];
}

export interface RunOptions {
  /** Lines of the standard input. */
  readonly input?: readonly string[];
  /** What a question is answered with. Default no. */
  readonly answer?: boolean;
  readonly signal?: AbortSignal;
  readonly onPrint?: (line: string) => void;
  readonly onNote?: (line: string) => void;
}

const streamOf = async function* (lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
};

/** Runs command lines whose local services are those announced in the folder. */
export const commandLine =
  (servicesFolder: string) =>
  async (args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
    const ran: { lines: string[]; notes: string[]; progress: string[] } = { lines: [], notes: [], progress: [] };
    const code = await runCommand(args, {
      print: (line) => {
        ran.lines.push(...line.split('\n'));
        options.onPrint?.(line);
      },
      note: (line) => {
        ran.notes.push(...line.split('\n'));
        options.onNote?.(line);
      },
      progress: (text) => {
        ran.progress.push(text);
      },
      confirm: () => Promise.resolve(options.answer ?? false),
      lines: () => streamOf(options.input ?? []),
      colors: false,
      signal: options.signal ?? new AbortController().signal,
      environment: { SQS_BROWSER_SERVICES: servicesFolder },
      now: Date.now,
    });
    return { code, ...ran };
  };

/** A folder for announcements, which is removed when the tests of this file have ended. */
export const announcements = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'services-'));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
};

/** A service as npm start has it, announced until the tests of this file have ended, and command lines that find it. */
export const startAnnounced = async (options: ServiceOptions = {}) => {
  const folder = await announcements();
  const service = await startService({ ...serviceMode(), context: { logDispatchData: 'true' }, ...options });
  await announceService(
    {
      ...{ url: service.url, stackName: service.stackName, region: 'us-east-1' },
      ...{ processId: process.pid, started: Date.now() },
    },
    folder,
  );
  afterAll(() => service.stop());
  return { service, run: commandLine(folder) };
};
