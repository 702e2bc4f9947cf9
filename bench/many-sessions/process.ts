/** Holds a number of sessions in one emulator, in a process of its own, and reports how many there are. Parameters: sessions, milliseconds. */
import { getHeapStatistics } from 'node:v8';
import { startService } from '../../operations/start/service.ts';
import { p50p99 } from '../quantiles.ts';
import type { Held } from './held.ts';
import { repeatedCreate } from './repeated-create.ts';

const [maxSessions = 0, maxMilliseconds = 0] = process.argv.slice(2).map(Number);

/** Sessions after which the emulator's tables and caches have their size. */
const warmUp = 5000;

/** Sessions between two reports. */
const reportEvery = 5000;

/** Creates through the API beside all the sessions. */
const creates = 40;

const memory = (): number => {
  globalThis.gc?.();
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
};

const service = await startService({ warm: true, context: { cleanupEvery: 86_400 } });
const create = await repeatedCreate(service);

const report = (held: Held): void => {
  process.send?.(held);
};

const addUntil = async (from: number, to: number): Promise<number> => {
  for (let number = from; number < to; number += 1) await create(number);
  return to;
};

let sessions = await addUntil(0, warmUp);
const before = memory();
const limit = getHeapStatistics().heap_size_limit;
const end = performance.now() + maxMilliseconds;
while (sessions < maxSessions && performance.now() < end) {
  sessions = await addUntil(sessions, Math.min(maxSessions, sessions + reportEvery));
  report({ sessions });
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
report({
  sessions,
  whole: { bytes, bytesPerSession: (bytes - before) / (sessions - warmUp), limit, create: p50p99(times).p50 },
});
await service.stop();
process.exit();
