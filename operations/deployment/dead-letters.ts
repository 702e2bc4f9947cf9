import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { deadLetterSchema } from '../../functions/dispatch/dead-letters.ts';
import { readRecord, streamRecordSchema } from '../../functions/dispatch/message.ts';
import type { Deployment } from './deployment.ts';
import { peekQueue } from './peek-queue.ts';

/** Where what could not be delivered waits. */
export const places = ['undelivered', 'rejected', 'failed-batches'] as const;
export type Place = (typeof places)[number];

/** Something that waits to be put back, or to be discarded. */
export interface DeadLetter {
  readonly place: Place;
  /** What it is chosen by: a message's id, a record's id, or the object's key. */
  readonly id: string;
  /** The ids of the messages in it. */
  readonly messageIds: readonly string[];
  /** An error's name, or SQS's code. */
  readonly reason: string;
  /** What was wrong, in words; undefined where nobody wrote it down. */
  readonly detail?: string | undefined;
  /** Epoch milliseconds; when it was put there. */
  readonly at: number | undefined;
  readonly accountId?: number;
  /** The sessions that did not get it; none where it is for everybody whom the body names. */
  readonly sessions: readonly string[];
  readonly body: string;
}

const rejectedSchema = z.object({
  reason: z.string(),
  message: z.string(),
  recordId: z.string(),
  arrivedAt: z.int(),
  data: z.string(),
});

const batchSchema = z.object({
  requestContext: z.optional(z.object({ condition: z.optional(z.string()) })),
  timestamp: z.optional(z.string()),
  payload: z.string(),
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const unreadable = (place: Place, id: string, body: string): DeadLetter => ({
  ...{ place, id, body, messageIds: [], sessions: [] },
  ...{ reason: 'Unreadable', detail: 'It is not what sqs-browser writes there.', at: undefined },
});

const readUndelivered = (id: string, text: string): DeadLetter => {
  const { data } = deadLetterSchema.safeParse(parseJson(text));
  if (!data) return unreadable('undelivered', id, text);
  return {
    ...{ place: 'undelivered', id: data.messageId, messageIds: [data.messageId] },
    ...{ reason: data.reason, at: data.deadLetteredAt, accountId: data.accountId },
    sessions: data.targets.map(({ sessionId }) => sessionId),
    body: data.body ?? '',
  };
};

const readRejected = (id: string, text: string): DeadLetter => {
  const { data } = rejectedSchema.safeParse(parseJson(text));
  if (!data) return unreadable('rejected', id, text);
  return {
    ...{ place: 'rejected', id: data.recordId, messageIds: [data.recordId], reason: data.reason, detail: data.message },
    ...{ at: data.arrivedAt, sessions: [], body: Buffer.from(data.data, 'base64').toString() },
  };
};

const messageIdOf = (record: z.output<typeof streamRecordSchema>): string => {
  try {
    return readRecord(record).messageId;
  } catch {
    return record.eventID;
  }
};

/** A batch as Lambda writes it to its on-failure destination, the whole event being its `payload`. */
const readBatch = (key: string, text: string): DeadLetter => {
  const { data: batch } = batchSchema.safeParse(parseJson(text));
  const { data: event } = z
    .object({ Records: z.array(streamRecordSchema) })
    .safeParse(batch && parseJson(batch.payload));
  if (!batch || !event) return unreadable('failed-batches', key, text);
  const bodies = event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  return {
    ...{ place: 'failed-batches', id: key, messageIds: event.Records.map(messageIdOf), sessions: [] },
    reason: batch.requestContext?.condition ?? 'Unknown',
    detail: `${event.Records.length} record${event.Records.length === 1 ? '' : 's'}`,
    at: batch.timestamp === undefined ? undefined : Date.parse(batch.timestamp),
    body: bodies.join('\n'),
  };
};

const listBatches = async ({ clients, output }: Deployment, max: number): Promise<DeadLetter[]> => {
  const Bucket = output('FailedBatchBucketName');
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: max }));
  const keys = Contents.flatMap(({ Key }) => Key ?? []);
  return Promise.all(
    keys.map(async (Key) => {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      return readBatch(Key, (await Body?.transformToString()) ?? '');
    }),
  );
};

/** The URL of a place's queue. */
export const queueUrlOf = ({ output }: Deployment, place: 'undelivered' | 'rejected'): string =>
  output(place === 'undelivered' ? 'UndeliveredQueueUrl' : 'RejectedQueueUrl');

/**
 * What waits in a place. The messages of a queue are received and given back at once, so two lists at the same time may each
 * miss some.
 * @param max about how many, of the oldest
 */
export const listDeadLetters = async (deployment: Deployment, place: Place, max = 200): Promise<DeadLetter[]> => {
  if (place === 'failed-batches') return listBatches(deployment, max);
  const read = place === 'undelivered' ? readUndelivered : readRejected;
  const messages = await peekQueue(deployment, queueUrlOf(deployment, place), max);
  return messages.map(({ id, body }) => read(id, body));
};
