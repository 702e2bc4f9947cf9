import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod/mini';
import type { Measured } from '../measure.ts';

/** The name of the figure by which machines are compared. */
export const fixedWorkName = 'this machine: a fixed piece of work, JSON and SHA-256, in one thread';

/** Runs of the work. The first ones are for the compiler. */
const runs = 7;

const timesSchema = z.array(z.tuple([z.number()]));

/** Milliseconds of the fixed work, done in each of `threads` threads at once: the shortest run. */
const shortest = async (threads: number): Promise<number> => {
  const file = join(import.meta.dirname, '..', 'machine', 'thread.ts');
  const workers = Array.from({ length: threads }, () => new Worker(file));
  let minimum = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const answers = workers.map((worker) => once(worker, 'message'));
    for (const worker of workers) worker.postMessage('work');
    const times = timesSchema.parse(await Promise.all(answers)).map(([time]) => time);
    minimum = Math.min(minimum, Math.max(...times));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return minimum;
};

/** How fast this machine is, by work that has nothing to do with the service. */
export const measureMachine = async (): Promise<Measured> => {
  const [one, two] = [await shortest(1), await shortest(2)];
  return {
    figures: [
      { name: fixedWorkName, value: Math.round(one), unit: 'ms' },
      {
        name: 'this machine: the same in two threads at once, as a multiple',
        value: Number((two / one).toFixed(2)),
        unit: 'times',
      },
    ],
  };
};
