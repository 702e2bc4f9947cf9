import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Subject } from './subject.ts';

const queueSchema = z.object({ QueueUrl: z.string() });

/** Puts sessions `b0`, `b1` … into the table, with a queue each. Creating them through the API would take most of the benchmark's time. */
export const plant = async (subject: Subject, accountId: number, count: number): Promise<void> => {
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
