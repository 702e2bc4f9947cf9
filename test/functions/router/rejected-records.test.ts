import { describe, expect, test } from '@jest/globals';
import { InvalidRequest } from '../../../functions/aws/errors.ts';
import type { StreamRecord } from '../../../functions/dispatch/message.ts';
import {
  rejectRecords,
  rejectedRecordSchema,
  type RejectedRecord,
} from '../../../functions/router/rejected-records.ts';
import { bytesOf, createDeliveryTools, gone } from '../../tools/delivery-tools.ts';

const record = (data: Buffer | string, partitionKey = 'key'): StreamRecord => ({
  eventID: 'shardId-000000000000:495',
  kinesis: {
    sequenceNumber: '495',
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000.123,
  },
});
const failure = new InvalidRequest('record', 'x', 'a JSON object');

/** Rejects a record; returns the positions that could not be, and what the queue got. */
const reject = async (rejected: StreamRecord, { tools, sqs } = createDeliveryTools()) => {
  const sending = { ...tools, deadline: tools.now() + 1 };
  const notRejected = await rejectRecords([rejected], [{ position: 0, failure }], 'https://sqs/1/rejected', sending);
  const entries = sqs.queues.get('rejected') ?? [];
  const parts = entries.map(({ body }): RejectedRecord => rejectedRecordSchema.parse(JSON.parse(body)));
  return { notRejected, entries, parts, calls: sqs.calls };
};

describe('a rejected record', () => {
  test('keeps reason, bytes and where it came from', async () => {
    const { parts, entries } = await reject(record('hello'));
    expect(parts).toEqual([
      {
        reason: 'InvalidRequest',
        message: 'record is "x", but must be a JSON object',
        recordId: 'shardId-000000000000:495',
        sequenceNumber: '495',
        partitionKey: 'key',
        arrivedAt: 1_700_000_000_123,
        data: Buffer.from('hello').toString('base64'),
        part: 1,
        parts: 1,
      },
    ]);
    expect(entries).toMatchObject([{ messageId: 'shardId-000000000000:495', sentAt: 1_700_000_000_123 }]);
  });

  test('is divided into numbered parts that fit a message, each readable by itself', async () => {
    const data = Buffer.alloc(4_500_000, 'abc');
    const { parts, calls } = await reject(record(data));
    expect(parts.map(({ part, parts: of }) => `${part}/${of}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((part) => `${part}/7`),
    );
    expect(Buffer.concat(parts.map((part) => Buffer.from(part.data, 'base64'))).equals(data)).toBe(true);
    for (const { entries } of calls) {
      expect(entries.reduce((sum, entry) => sum + bytesOf(entry), 0)).toBeLessThan(1_048_576);
    }
  });

  test('carries a partition key that SQS would refuse as escapes', async () => {
    const { parts, entries } = await reject(record('x', '\uFFFE\uD800'));
    expect(entries[0]?.body).not.toContain('\uFFFE');
    expect(parts[0]?.partitionKey).toBe('\uFFFE\uD800');
  });

  test('is not rejected when the queue is not there', async () => {
    const tools = createDeliveryTools();
    tools.sqs.onCall = () => gone;
    expect((await reject(record('x'), tools)).notRejected).toEqual([0]);
  });
});
