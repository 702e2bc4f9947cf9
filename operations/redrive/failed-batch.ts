import * as z from 'zod/mini';
import { type InlineMessage, readRecord, streamRecordSchema } from '../../functions/dispatch/message.ts';
import { parseJson, readJson } from '../json.ts';
import type { Item, StreamRecord, Unusable } from './put-back.ts';

const eventSchema = z.object({ Records: z.array(streamRecordSchema) });

/**
 * What Lambda writes to an on-failure destination in S3: the whole event is its `payload`, as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
const objectSchema = z.object({
  requestContext: z.optional(z.object({ condition: z.optional(z.string()) })),
  timestamp: z.optional(z.string()),
  payload: z.union([z.string(), eventSchema]),
});

/** A batch of the stream that failed. */
export interface FailedBatch {
  readonly records: z.output<typeof eventSchema>['Records'];
  /** Why, as Lambda says it: `RetryAttemptsExhausted`. */
  readonly condition: string | undefined;
  /** When it was given up, epoch milliseconds. */
  readonly failedAt: number | undefined;
}

/** Undefined for a text that is not a failed batch. */
export const parseFailedBatch = (text: string): FailedBatch | undefined => {
  const object = readJson(objectSchema, text);
  const payload = object?.payload;
  const { data } = eventSchema.safeParse(typeof payload === 'string' ? parseJson(payload) : payload);
  return (
    data && {
      records: data.Records,
      condition: object?.requestContext?.condition,
      failedAt: object?.timestamp === undefined ? undefined : Date.parse(object.timestamp),
    }
  );
};

/**
 * The messages of a batch that failed. Some of them may have been delivered, so they keep the id they had, by which clients drop
 * repeats; a record that holds no message comes back as it was.
 */
export const readFailedBatch = (text: string): Pick<Item, 'messages' | 'records'> | Unusable => {
  const batch = parseFailedBatch(text);
  if (!batch) return { reason: 'it is not a failed batch' };
  const messages: InlineMessage[] = [];
  const records: StreamRecord[] = [];
  for (const record of batch.records) {
    try {
      messages.push(readRecord(record));
    } catch {
      const { partitionKey, data } = record.kinesis;
      records.push({ data: Buffer.from(data, 'base64'), partitionKey });
    }
  }
  return { messages, records };
};
