import * as z from 'zod/mini';
import { InvalidRequest } from '../aws/errors.ts';
import { readAddressees, type InlineMessage } from './message.ts';

/** The part of a Kinesis event's record that dispatch reads. */
export const streamRecordSchema = z.object({
  /** `<shardId>:<sequenceNumber>` */
  eventID: z.string(),
  kinesis: z.object({
    sequenceNumber: z.string(),
    partitionKey: z.string(),
    /** Base64. */
    data: z.string(),
    /** Epoch seconds with decimals. */
    approximateArrivalTimestamp: z.number(),
  }),
});
export type StreamRecord = z.output<typeof streamRecordSchema>;

/** Keeps a byte order mark, so that the body stays what was put; JSON.parse then refuses it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a message from a record. The body is the record's text to the byte.
 * @throws InvalidRequest naming what is wrong, MessageTooLarge
 */
export const readRecord = ({ eventID, kinesis }: StreamRecord): InlineMessage => {
  const text = decode(Buffer.from(kinesis.data, 'base64'));
  return { ...readAddressees('record', text), messageId: eventID, sentAt: arrivedAt(kinesis), body: text };
};

/** When the record arrived in the stream, in epoch milliseconds. */
export const arrivedAt = ({ approximateArrivalTimestamp }: StreamRecord['kinesis']): number =>
  Math.round(approximateArrivalTimestamp * 1000);

const decode = (data: Buffer): string => {
  try {
    return decoder.decode(data);
  } catch {
    throw new InvalidRequest('record', data.toString('utf8', 0, 200), 'text in UTF-8');
  }
};
