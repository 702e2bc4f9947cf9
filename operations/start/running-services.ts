import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { environment } from '../environment.ts';
import { makeFolder } from './make-folder.ts';

/** A local service that is running. */
export interface RunningService {
  /** http://127.0.0.1:4000 */
  readonly url: string;
  readonly stackName: string;
  readonly region: string;
  readonly processId: number;
  /** Epoch milliseconds. */
  readonly started: number;
}

const schema = z.object({
  url: z.string(),
  stackName: z.string(),
  region: z.string(),
  processId: z.int(),
  started: z.int(),
});

/** Where each running service has a file, in which every command of the same person finds it. */
export const servicesFolder = (source = environment): string => {
  const { SQS_BROWSER_SERVICES: folder = '', XDG_CACHE_HOME: cache = '' } = source;
  if (folder !== '') return folder;
  return join(cache === '' ? join(homedir(), '.cache') : cache, 'sqs-browser', 'services');
};

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Writes the file of a running service; returns how to remove it. */
export const announceService = async (
  service: RunningService,
  folder = servicesFolder(),
): Promise<() => Promise<void>> => {
  await makeFolder(folder);
  const file = join(folder, `${service.processId}-${new URL(service.url).port}.json`);
  await writeFile(file, JSON.stringify(service));
  return () => rm(file, { force: true });
};

const readService = async (file: string): Promise<RunningService | undefined> => {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
};

/** The services that run, the one that started last first. Files of processes that have ended are removed. */
export const findServices = async (folder = servicesFolder()): Promise<readonly RunningService[]> => {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const service = await readService(file);
      if (service && isRunning(service.processId)) return [service];
      await rm(file, { force: true });
      return [];
    }),
  );
  return found.flat().sort((a, b) => b.started - a.started);
};
