/** Holds as many sessions as it is asked for in one emulator, in a process of its own, and tells how it goes on. */
import { getHeapStatistics } from 'node:v8';
import { startService } from '../../operations/start/service.ts';
import { p50p99 } from '../quantiles.ts';
import type { Held } from './held.ts';
import { repeatedCreate } from './repeated-create.ts';

const [most = 0, milliseconds = 0] = process.argv.slice(2).map(Number);

/** Sessions after which the tables and caches of the emulator have their size, and between two reports. */
const [warmUp, step] = [5000, 5000];

/** Creates through the API when all are there. */
const creates = 40;

const memory = (): number => {
  globalThis.gc?.();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
};

const service = await startService({ warm: true, context: { cleanupEvery: 86_400 } });
const create = await repeatedCreate(service);

const tell = (held: Held): void => {
  process.send?.(held);
};

const addUntil = async (from: number, to: number): Promise<number> => {
  for (let number = from; number < to; number += 1) await create(number);
  return to;
};

let sessions = await addUntil(0, warmUp);
const before = memory();
const limit = getHeapStatistics().heap_size_limit;
const end = performance.now() + milliseconds;
while (sessions < most && performance.now() < end) {
  sessions = await addUntil(sessions, Math.min(most, sessions + step));
  tell({ sessions });
}
const bytes = memory();
const times: number[] = [];
for (let index = 0; index < creates; index += 1) {
  const start = performance.now();
  const answer = await fetch(`${service.outputs['ApiUrl'] ?? ''}create/999999/own${index}`);
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`A create was answered with ${answer.status}`);
  await answer.text();
  times.push(performance.now() - start);
}
tell({
  sessions,
  whole: { bytes, bytesPerSession: (bytes - before) / (sessions - warmUp), limit, create: p50p99(times).p50 },
});
await service.stop();
process.exit();
