import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { CountedScenario } from '../cost/deliveries.ts';
import { perMillionDeliveries } from '../cost/deliveries.ts';
import { leastForBroadcast } from '../least-calls.ts';
import type { Figure, Measured } from '../measure.ts';
import type { Subject } from '../subject.ts';

const sizes = [1000, 10_000, 100_000] as const;
const mebibyte = 1024 * 1024;
/** About the bytes of a planted session in the index `routes`. */
const itemBytes = 200;

interface Broadcast {
  readonly size: number;
  /** On a machine that has too much else to do, functions run out of time, and the rest becomes dead letters. */
  readonly delivered: number;
  readonly seconds: number;
  readonly largestPayload: number;
  readonly memory: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
}

/** Sessions put straight into the table with a queue each: creating so many through the API would take most of the time. */
const plant = async (subject: Subject, accountId: number, count: number): Promise<void> => {
  const TableName = subject.outputs['SessionTableName'] ?? '';
  const expires = String(Math.floor(Date.now() / 1000) + 14_000);
  const one = async (number: number) => {
    const random = createHash('sha256').update(`${accountId}/${number}`).digest('hex').slice(0, 32);
    const answer = await subject.aws('sqs', 'AmazonSQS.CreateQueue', { QueueName: `brws-dev-${random}` });
    const { QueueUrl } = queueSchema.parse(answer);
    const sessionId = `b${number}`;
    const Item = {
      accountId: { N: String(accountId) },
      sessionId: { S: sessionId },
      route: { S: `s#${sessionId}` },
      shard: { S: random.charAt(0) },
      queueUrl: { S: QueueUrl },
      expires: { N: expires },
      version: { N: '1' },
    };
    return { PutRequest: { Item } };
  };
  const batch = async (from: number): Promise<void> => {
    const puts = await Promise.all(Array.from({ length: Math.min(25, count - from) }, (_, index) => one(from + index)));
    await subject.aws('dynamodb', 'DynamoDB_20120810.BatchWriteItem', { RequestItems: { [TableName]: puts } });
  };
  for (let from = 0; from < count; from += 50)
    await Promise.all([from, from + 25].filter((at) => at < count).map(batch));
};

const queueSchema = z.object({ QueueUrl: z.string() });

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

/** Runs the dispatch machine as the router does: again, from where it stopped, as long as its time did not suffice. */
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
  await subject.counts({ watchMemory: true });
  const start = performance.now();
  const { delivered = 0 } = await dispatch(subject, [{ body, messageId: `b-${size}`, sentAt: Date.now(), accountId }]);
  const seconds = (performance.now() - start) / 1000;
  const { calls, largestPayload, memory } = await subject.counts();
  return { size, delivered, seconds, calls, largestPayload, memory };
};

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The functions of the dispatch machine that a broadcast runs. */
const functions = ['RouteMessages', 'DeliverBatch', 'CountDeliveries'] as const;

const figuresOf = ({ size, delivered, seconds, largestPayload, memory }: Broadcast): readonly Figure[] => [
  { name: `broadcast to ${size} sessions`, value: round(seconds), unit: 's', ...(size === 10_000 && { aim: '< 6' }) },
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
  scenario: `one message to ${size} sessions`,
  by: 'kinesis',
  messages: 1,
  deliveries: size,
  calls,
  least: leastForBroadcast({ sessions: size, itemBytes }),
  // The index is read to make the plan, and range by range to deliver.
  readUnits: 2 * Math.ceil((size * itemBytes) / 4096),
});

/** How much the dearest of the sizes is above the cheapest, by what a session takes of something. */
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
      spread(
        'dollars',
        counted.map((scenario) => perMillionDeliveries(scenario, 1)),
      ),
    ],
    counted,
  };
};
