import * as z from 'zod/mini';
import { type InlineMessage, readRecord, streamRecordSchema } from '../../functions/dispatch/message.ts';
import { parseJson } from './json.ts';
import type { Item, StreamRecord, Unusable } from './put-back.ts';

const eventSchema = z.object({ Records: z.array(streamRecordSchema) });

/** What Lambda puts into the bucket: the whole event is its `payload`, as text. */
const objectSchema = z.object({ payload: z.union([z.string(), eventSchema]) });

/**
 * The messages of a batch that failed. Some of them may have been delivered, so they keep the id they had, by which clients drop
 * repeats; a record that holds no message comes back as it was.
 */
export const readFailedBatch = (text: string): Pick<Item, 'messages' | 'records'> | Unusable => {
  const object = objectSchema.safeParse(parseJson(text));
  const payload = object.data?.payload;
  const event = eventSchema.safeParse(typeof payload === 'string' ? parseJson(payload) : payload);
  if (!event.success) return { reason: 'it is not a failed batch' };
  const messages: InlineMessage[] = [];
  const records: StreamRecord[] = [];
  for (const record of event.data.Records) {
    try {
      messages.push(readRecord(record));
    } catch {
      const { partitionKey, data } = record.kinesis;
      records.push({ data: Buffer.from(data, 'base64'), partitionKey });
    }
  }
  return { messages, records };
};
