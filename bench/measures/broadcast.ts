import { createHash } from 'node:crypto';
import type { Measured } from '../measure.ts';
import type { CountedScenario } from '../cost/deliveries.ts';
import type { Subject } from '../subject.ts';

const sizes = [1000, 10_000, 100_000] as const;
const mebibyte = 1024 * 1024;

interface Broadcast {
  readonly size: number;
  readonly seconds: number;
  readonly largestPayload: number;
  readonly memory: number;
  readonly calls: Readonly<Record<string, number>>;
}

/** Sessions put straight into the table with a queue each: creating so many through the API would take most of the time. */
const plant = async (subject: Subject, accountId: number, count: number): Promise<void> => {
  const TableName = subject.outputs['SessionTableName'] ?? '';
  const expires = String(Math.floor(Date.now() / 1000) + 14_000);
  const one = async (number: number) => {
    const random = createHash('sha256').update(`${accountId}/${number}`).digest('hex').slice(0, 32);
    const queue = await subject.aws<{ QueueUrl: string }>('sqs', 'AmazonSQS.CreateQueue', {
      QueueName: `brws-dev-${random}`,
    });
    const sessionId = `b${number}`;
    const Item = {
      accountId: { N: String(accountId) },
      sessionId: { S: sessionId },
      route: { S: `s#${sessionId}` },
      shard: { S: random.charAt(0) },
      queueUrl: { S: queue.QueueUrl },
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

const broadcast = async (subject: Subject, size: number): Promise<Broadcast> => {
  const accountId = 4_000_000 + size;
  await plant(subject, accountId, size);
  const input = JSON.stringify({
    messages: [
      {
        body: JSON.stringify({ accountId, msg: 'to everybody' }),
        messageId: `b-${size}`,
        sentAt: Date.now(),
        accountId,
      },
    ],
  });
  await subject.counts();
  const start = performance.now();
  const answer = await subject.aws<{ status: string; output?: string; error?: string }>(
    'states',
    'AWSStepFunctions.StartSyncExecution',
    {
      stateMachineArn: subject.outputs['DispatchMachineArn'],
      input,
    },
  );
  const seconds = (performance.now() - start) / 1000;
  const { delivered } = JSON.parse(answer.output ?? '{}') as { delivered?: number };
  if (delivered !== size)
    throw new Error(
      `A broadcast to ${size} sessions was delivered to ${String(delivered)}: ${answer.status} ${answer.error ?? ''}`,
    );
  const { calls, largestPayload, memory } = await subject.counts();
  return { size, seconds, calls, largestPayload, memory: Math.max(...Object.values(memory)) };
};

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** One message to every session of an account, by the number of sessions. */
export const measureBroadcast = async (subject: Subject): Promise<Measured> => {
  const runs: Broadcast[] = [];
  for (const size of sizes) runs.push(await broadcast(subject, size));
  const perSession = ({ calls, size }: Broadcast): number =>
    Object.values(calls).reduce((sum, count) => sum + count, 0) / size;
  const [small, , large] = runs.map(perSession);
  return {
    figures: [
      ...runs.flatMap(({ size, seconds, largestPayload, memory }) => [
        {
          name: `broadcast to ${size} sessions`,
          value: round(seconds),
          unit: 's',
          ...(size === 10_000 && { aim: '< 6' }),
        },
        {
          name: `broadcast to ${size}, largest state`,
          value: round(largestPayload / 1024, 1),
          unit: 'KiB',
          aim: '<= 200',
        },
        {
          name: `broadcast to ${size}, most heap of a function`,
          value: round(memory / mebibyte, 1),
          unit: 'MiB',
          aim: '< 256',
        },
      ]),
      {
        name: 'calls per session, 100000 to 1000',
        value: round((large ?? NaN) / (small ?? NaN), 3),
        unit: 'ratio',
        aim: '<= 1.2',
      },
    ],
    counted: runs.map(({ size, calls }): CountedScenario => ({
      scenario: `one message to ${size} sessions`,
      by: 'kinesis',
      messages: 1,
      deliveries: size,
      calls,
    })),
  };
};
