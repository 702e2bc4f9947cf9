import * as z from 'zod/mini';
import type { CountedScenario } from '../counted-scenario.ts';
import { broadcastName } from '../aws-model/predictions.ts';
import type { RecordedExecution, RecordedOperation } from '../aws-model/recording.ts';
import { cpuOfRuns } from '../aws-model/recording.ts';
import type { Counts } from '../counts.ts';
import { minCallsForBroadcast } from '../least-calls.ts';
import type { Figure, Measured } from '../measure.ts';
import { plant } from '../plant.ts';
import type { Subject } from '../subject.ts';

const sizes = [1000, 10_000, 100_000] as const;
const mebibyte = 1024 * 1024;
/** Approximate bytes of a planted session in the index `routes`. */
const itemBytes = 200;

interface Broadcast {
  readonly size: number;
  /** Fewer than `size` when functions time out on a busy machine: the rest becomes dead letters. */
  readonly delivered: number;
  readonly seconds: number;
  readonly largestPayload: number;
  readonly memory: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly operation: RecordedOperation;
}

const executionSchema = z.object({
  status: z.string(),
  output: z.optional(z.string()),
  error: z.optional(z.string()),
});

const answerSchema = z.object({
  delivered: z.optional(z.number()),
  sessions: z.optional(z.number()),
  remainder: z.optional(z.record(z.string(), z.unknown())),
});

type DispatchAnswer = z.infer<typeof answerSchema>;

/** Runs the dispatch machine as the router does: an execution that ran out of time is continued by another. */
const dispatch = async (subject: Subject, messages: readonly object[]): Promise<DispatchAnswer> => {
  const stateMachineArn = subject.outputs['DispatchMachineArn'];
  let input: object = { messages };
  for (;;) {
    const execution = await subject.aws('states', 'AWSStepFunctions.StartSyncExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
    });
    const { status, output, error } = executionSchema.parse(execution);
    if (status !== 'SUCCEEDED') throw new Error(`A dispatch ended as ${status}: ${error ?? 'no error given'}`);
    const { remainder, ...answer } = answerSchema.parse(JSON.parse(output ?? '{}'));
    if (remainder === undefined) return answer;
    input = { messages, ...remainder };
  }
};

const broadcast = async (subject: Subject, size: number): Promise<Broadcast> => {
  const accountId = 4_000_000 + size;
  await plant(subject, accountId, size);
  const body = JSON.stringify({ accountId, msg: 'to everybody' });
  await subject.counts({ watchMemory: true, recording: 'free' });
  const start = performance.now();
  const { delivered = 0 } = await dispatch(subject, [{ body, messageId: `b-${size}`, sentAt: Date.now(), accountId }]);
  const seconds = (performance.now() - start) / 1000;
  const counts = await subject.counts();
  const { calls, largestPayload, memory } = counts;
  return { size, delivered, seconds, calls, largestPayload, memory, operation: recordedIn(counts, size) };
};

/** The executions that a broadcast took, as one. */
const recordedIn = ({ recorded, cpu, logBytes }: Counts, size: number): RecordedOperation => {
  const executions = recorded?.executions ?? [];
  const execution: RecordedExecution = {
    events: executions.reduce((sum, { events }) => sum + events, 0),
    states: executions.flatMap(({ states }) => states),
  };
  const work = { type: 'execution', execution } as const;
  return { work, indexBytes: size * itemBytes, cpu: cpuOfRuns(work, cpu, 1), logBytes };
};

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The functions of the dispatch machine that a broadcast runs. */
const functions = ['RouteMessages', 'DeliverBatch', 'CountDeliveries'] as const;

const figuresOf = ({ size, delivered, seconds, largestPayload, memory }: Broadcast): readonly Figure[] => [
  { name: `broadcast to ${size} sessions`, value: round(seconds), unit: 's', ...(size === 10_000 && { aim: '<= 2' }) },
  { name: `broadcast to ${size}, delivered`, value: delivered, unit: 'sessions', aim: `>= ${size}` },
  { name: `broadcast to ${size}, largest state`, value: round(largestPayload / 1024, 1), unit: 'KiB', aim: '<= 200' },
  ...functions.map((name) => ({
    name: `broadcast to ${size}, maximum memory of ${name}`,
    value: round((memory[name] ?? NaN) / mebibyte, 1),
    unit: 'MiB',
    aim: '< 256',
  })),
];

const countedIn = ({ size, calls }: Broadcast): CountedScenario => ({
  scenario: broadcastName(size),
  deliveries: size,
  calls,
  least: minCallsForBroadcast({ sessions: size, itemBytes }),
});

/** The ratio between the largest and the smallest use of something per session. */
const spread = (what: string, perSession: readonly number[]): Figure => ({
  name: `${what} per session, from ${sizes[0]} to ${sizes[2]} sessions`,
  value: round(Math.max(...perSession) / Math.min(...perSession), 3),
  unit: 'ratio',
  aim: '<= 1.2',
});

/** One message to every session of an account, by the number of sessions. */
export const measureBroadcast = async (subject: Subject): Promise<Measured> => {
  const runs: Broadcast[] = [];
  for (const size of sizes) runs.push(await broadcast(subject, size));
  const counted = runs.map(countedIn);
  // The model is not made from a run in which functions ran out of time.
  const complete = runs.filter(({ size, delivered }) => delivered === size);
  const calls = ({ calls: all, size }: Broadcast): number =>
    Object.values(all).reduce((sum, count) => sum + count, 0) / size;
  return {
    figures: [
      ...runs.flatMap(figuresOf),
      spread(
        'time',
        runs.map(({ seconds, size }) => seconds / size),
      ),
      spread('calls', runs.map(calls)),
    ],
    counted,
    operations: Object.fromEntries(complete.map(({ size, operation }) => [broadcastName(size), operation])),
  };
};
