/** The service that the benchmark measures, in a process of its own. It counts its work, and answers questions with the counts. */
import type { CallRecord, LogLine } from 'aws-template-emulator';
import { getHeapStatistics } from 'node:v8';
import * as z from 'zod/mini';
import { startService } from '../operations/start/service.ts';
import type { RecordingMode } from './aws-model/recorder.ts';
import { Recorder } from './aws-model/recorder.ts';
import { injectTimes } from './aws-model/injection.ts';
import type { Counts } from './counts.ts';

/** Asks for the counts since the last question. */
export interface Question {
  /** The answer waits until the router has finished this many records since the last question. */
  readonly records: number;
  /** Whether the functions' memory is looked at until the next question. It takes some CPU. */
  readonly watchMemory: boolean;
  /** Whether garbage is collected first, so that the counts have the memory that is needed. */
  readonly collectGarbage?: boolean;
  /** Calls of functions take as long as the model of AWS says, until the next question. */
  readonly injectLatencies?: boolean;
  /** Records the executions until the next question. */
  readonly recording?: RecordingMode;
}

/** Milliseconds between two looks at the functions' memory. */
const lookEvery = 100;

/** Values of the stack's context, as JSON. */
const context = z.record(z.string(), z.unknown()).parse(JSON.parse(process.argv[2] ?? '{}'));

const service = await startService({ warm: true, context: { cleanupEvery: 86_400, ...context } });
const calls = new Map<string, number>();
const memory = new Map<string, number>();
let batches: number[] = [];
let largestPayload = 0;
let logBytes = 0;
let cpuBefore: Readonly<Record<string, number>> = {};
let looking: NodeJS.Timeout | undefined;
let onBatch = (): void => undefined;
let recorder: Recorder | undefined;
let stopInjecting = (): unknown => false;

const nameOf = ({ service, action, permissions }: CallRecord): string =>
  service === 'lambda' ? `lambda:${permissions[0]?.resource.split(':').at(-1) ?? action}` : `${service}:${action}`;

const metricSchema = z.object({ MessagesReceived: z.unknown() });

/** The router writes how many records it has finished as a metric, one line a batch. */
const batchOf = ({ function: name, text }: LogLine): number | undefined =>
  name === 'Router' && text.includes('"MessagesReceived"')
    ? Number(metricSchema.parse(JSON.parse(text)).MessagesReceived)
    : undefined;

const usage = async (): Promise<Readonly<Record<string, number>>> => {
  const functions = Object.entries(await service.functionUsage());
  for (const [name, { memoryBytes }] of functions) memory.set(name, Math.max(memory.get(name) ?? 0, memoryBytes));
  const { user, system } = process.threadCpuUsage();
  const spent = functions.map(([name, { cpuMilliseconds }]) => [name, cpuMilliseconds] as const);
  return { services: (user + system) / 1000, ...Object.fromEntries(spent) };
};

service.calls.on((record) => {
  const name = nameOf(record);
  calls.set(name, (calls.get(name) ?? 0) + 1);
});
service.executions.on((execution) => {
  largestPayload = Math.max(largestPayload, execution.largestPayload);
});
service.logs.on((line) => {
  logBytes += Buffer.byteLength(line.text);
  const size = batchOf(line);
  if (size === undefined) return;
  batches.push(size);
  recorder?.batchEnded(size);
  onBatch();
});

const finished = (records: number): Promise<void> =>
  new Promise((resolve) => {
    onBatch = () => {
      if (batches.reduce((sum, size) => sum + size, 0) >= records) resolve();
    };
    onBatch();
  });

const count = async (question: Question): Promise<Counts> => {
  const { records, watchMemory, collectGarbage, recording, injectLatencies } = question;
  await finished(records);
  stopInjecting();
  stopInjecting = injectLatencies ? injectTimes(service) : () => false;
  if (recorder) await service.idle();
  const recorded = recorder?.take();
  recorder = undefined;
  clearInterval(looking);
  if (collectGarbage) globalThis.gc?.();
  const cpuNow = await usage();
  const cpu = Object.entries(cpuNow).map(([name, spent]) => [name, spent - (cpuBefore[name] ?? 0)] as const);
  const counts = {
    calls: Object.fromEntries(calls),
    batches,
    largestPayload,
    memory: Object.fromEntries(memory),
    cpu: Object.fromEntries(cpu),
    logBytes,
    heap: getHeapStatistics().used_heap_size + getHeapStatistics().external_memory,
    recorded,
  };
  calls.clear();
  memory.clear();
  batches = [];
  largestPayload = 0;
  logBytes = 0;
  cpuBefore = cpuNow;
  if (recording) recorder = new Recorder(service, recording);
  if (watchMemory) looking = setInterval(() => void usage(), lookEvery);
  return counts;
};

const stop = async (): Promise<void> => {
  clearInterval(looking);
  await service.stop();
  process.exit();
};

process.on('message', (question: Question | 'stop') => {
  if (question === 'stop') void stop();
  else void count(question).then((counts) => process.send?.(counts));
});

process.send?.({ url: service.url, outputs: service.outputs });
