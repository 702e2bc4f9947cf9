import * as z from 'zod/mini';
import type { Failure } from '../aws/errors.ts';
import { decodeRanges } from '../dispatch/dispatch.ts';
import { sendBytes, sqsJson, arrivedAt, type StreamRecord } from '../dispatch/message.ts';
import { packBatches, sendToQueue, type Outgoing, type Sending } from '../dispatch/queue-sender.ts';

/** What the rejected queue holds of a record, as JSON. */
export const rejectedRecordSchema = z.object({
  /** The failure's name: InvalidRequest or MessageTooLarge. */
  reason: z.string(),
  message: z.string(),
  /** `<shardId>:<sequenceNumber>` */
  recordId: z.string(),
  sequenceNumber: z.string(),
  partitionKey: z.string(),
  /** Epoch milliseconds. */
  arrivedAt: z.int(),
  /** The record's bytes in base64; this part's, when they take several messages. */
  data: z.string(),
  /** Counted from 1. */
  part: z.int(),
  parts: z.int(),
});
export type RejectedRecord = z.output<typeof rejectedRecordSchema>;

/** A record that holds no message, at its position in the Kinesis batch. */
export interface Rejected {
  readonly position: number;
  readonly failure: Failure;
}

/** Base64 characters in one message: with everything else they stay below the 1 MiB that SQS takes. */
const partLength = 900_000;

/** Puts a record in the rejected queue: one message, or numbered parts of a record that is too large for one. */
const rejectedMessages = ({ eventID, kinesis }: StreamRecord, failure: Failure): RejectedRecord[] => {
  const parts = Math.max(1, Math.ceil(kinesis.data.length / partLength));
  return Array.from({ length: parts }, (_, part) => ({
    reason: failure.name,
    message: failure.message,
    recordId: eventID,
    sequenceNumber: kinesis.sequenceNumber,
    partitionKey: kinesis.partitionKey,
    arrivedAt: arrivedAt(kinesis),
    data: kinesis.data.slice(part * partLength, (part + 1) * partLength),
    part: part + 1,
    parts,
  }));
};

/** @param index the position among the messages for the rejected queue */
const outgoingOf = (rejected: RejectedRecord, index: number): Outgoing => {
  const entry = {
    id: String(index),
    body: sqsJson(rejected),
    messageId: rejected.recordId,
    sentAt: rejected.arrivedAt,
  };
  return { index, entry, bytes: sendBytes({ ...entry, accountId: 0 }) };
};

/**
 * Puts bad records into the rejected queue with the reason and their bytes.
 * @returns the positions of those that could not be put there
 */
export const rejectRecords = async (
  records: readonly StreamRecord[],
  rejected: readonly Rejected[],
  rejectedQueueUrl: string,
  sending: Sending,
): Promise<number[]> => {
  const entries = rejected.flatMap(({ position, failure }) => {
    const record = records[position];
    return record ? rejectedMessages(record, failure).map((message) => ({ position, message })) : [];
  });
  const outgoing = entries.map(({ message }, index) => outgoingOf(message, index));
  const batches = packBatches(outgoing, ({ bytes }) => bytes);
  const { gone, undelivered } = await sendToQueue({ url: rejectedQueueUrl, isNew: false }, batches, sending);
  if (gone) return rejected.map(({ position }) => position);
  return undelivered
    .flatMap(({ messages }) => decodeRanges(messages))
    .flatMap((index) => entries[index]?.position ?? []);
};
