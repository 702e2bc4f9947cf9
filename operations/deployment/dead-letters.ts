import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { deadLetterSchema } from '../../functions/dispatch/dead-letters.ts';
import { rejectedRecordSchema } from '../../functions/router/rejected-records.ts';
import { counted } from '../counted.ts';
import { readJson } from '../json.ts';
import { parseFailedBatch } from '../redrive/failed-batch.ts';
import type { Deployment } from './deployment.ts';
import { peekQueue } from './peek-queue.ts';

/** The places where undelivered events wait. */
export const places = ['undelivered', 'rejected', 'failed-batches'] as const;
export type Place = (typeof places)[number];

/** The places that a deployment has: without a stream nothing is rejected, and no batch fails. */
export const placesOf = ({ hasStream }: Deployment): readonly Place[] => (hasStream ? places : ['undelivered']);

/** A dead letter, a rejected record or a failed batch. */
export interface DeadLetter {
  readonly place: Place;
  /** Identifies it: a message's id, a record's id, or the object's key. */
  readonly id: string;
  /** The ids of the messages in it. */
  readonly messageIds: readonly string[];
  /** An error's name, or SQS's code. */
  readonly reason: string;
  /** What was wrong, in words; undefined where it is not recorded. */
  readonly detail?: string | undefined;
  /** Epoch milliseconds; when it was put there. */
  readonly at: number | undefined;
  readonly accountId?: number;
  /** The sessions that did not get it. Empty: it is for all recipients that the body names. */
  readonly sessions: readonly string[];
  readonly body: string;
}

const unreadable = (place: Place, id: string, body: string): DeadLetter => ({
  ...{ place, id, body, messageIds: [], sessions: [] },
  ...{ reason: 'Unreadable', detail: 'It is not what sqs-browser writes there.', at: undefined },
});

const readUndelivered = (id: string, text: string): DeadLetter => {
  const data = readJson(deadLetterSchema, text);
  if (!data) return unreadable('undelivered', id, text);
  return {
    ...{ place: 'undelivered', id: data.messageId, messageIds: [data.messageId] },
    ...{ reason: data.reason, at: data.deadLetteredAt, accountId: data.accountId },
    sessions: data.targets.map(({ sessionId }) => sessionId),
    ...(data.bodyKey !== undefined && { detail: `Its body is in the bucket of messages, under ${data.bodyKey}` }),
    body: data.body ?? '',
  };
};

const readRejected = (id: string, text: string): DeadLetter => {
  const data = readJson(rejectedRecordSchema, text);
  if (!data) return unreadable('rejected', id, text);
  return {
    ...{ place: 'rejected', id: data.recordId, messageIds: [data.recordId], reason: data.reason, detail: data.message },
    ...{ at: data.arrivedAt, sessions: [], body: Buffer.from(data.data, 'base64').toString() },
  };
};

/** A record's id is its message's. */
const readBatch = (key: string, text: string): DeadLetter => {
  const batch = parseFailedBatch(text);
  if (!batch) return unreadable('failed-batches', key, text);
  const { records, condition = 'Unknown', failedAt } = batch;
  return {
    ...{ place: 'failed-batches', id: key, messageIds: records.map(({ eventID }) => eventID), sessions: [] },
    ...{ reason: condition, at: failedAt },
    detail: counted(records.length, 'record'),
    body: records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()).join('\n'),
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
 * Lists a place. The messages of a queue are received and released at once, so two lists at the same time may each miss some.
 * @param max about how many, of the oldest
 */
export const listDeadLetters = async (deployment: Deployment, place: Place, max = 200): Promise<DeadLetter[]> => {
  if (place === 'failed-batches') return listBatches(deployment, max);
  const read = place === 'undelivered' ? readUndelivered : readRejected;
  const messages = await peekQueue(deployment, queueUrlOf(deployment, place), max);
  return messages.map(({ id, body }) => read(id, body));
};
