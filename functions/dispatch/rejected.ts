import type { Entry } from './batch-sending.ts';
import { sqsJson } from './message-checks.ts';
import { arrivedAt, type StreamRecord } from './record.ts';
import type { Failure } from '../aws/errors.ts';

/** What the rejected queue holds of a record, as JSON. */
export interface RejectedRecord {
  /** The failure's name: InvalidRequest or MessageTooLarge. */
  readonly reason: string;
  readonly message: string;
  /** `<shardId>:<sequenceNumber>` */
  readonly recordId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  /** The record's bytes in base64; this part's, when they take several messages. */
  readonly data: string;
  /** Counted from 1. */
  readonly part: number;
  readonly parts: number;
}

/** Base64 characters in one message: with everything else they stay below the 1 MiB that SQS takes. */
const partLength = 900_000;

/** The messages that put a record in the rejected queue: one, or numbered parts of a record that is too large for one. */
export const rejectedMessages = ({ eventID, kinesis }: StreamRecord, failure: Failure): RejectedRecord[] => {
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

/** A rejected message as an entry of a SendMessageBatch call. */
export const rejectedEntry = (rejected: RejectedRecord, id: string): Entry => ({
  id,
  body: sqsJson(rejected),
  messageId: rejected.recordId,
  sentAt: rejected.arrivedAt,
});
