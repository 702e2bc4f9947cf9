import * as z from 'zod/mini';
import { readRecord, streamRecordSchema, type StreamRecord } from '../../functions/dispatch/record.ts';
import { isRedriven, redriveRecord } from '../../functions/dispatch/redrive-envelope.ts';
import { parseJson } from './json.ts';
import type { StreamPut, Unusable } from './put-back.ts';

const eventSchema = z.object({ Records: z.array(streamRecordSchema) });

/** What Lambda puts into the bucket: the whole event is its `payload`, as text. */
const objectSchema = z.object({ payload: z.union([z.string(), eventSchema]) });

/**
 * The records of a batch that failed. Some of its messages may have been delivered, so they keep the id they had, by which
 * clients drop repeats; a record that holds no message comes back as it was.
 */
export const readFailedBatch = (text: string): { puts: StreamPut[] } | Unusable => {
  const object = objectSchema.safeParse(parseJson(text));
  const payload = object.data?.payload;
  const event = eventSchema.safeParse(typeof payload === 'string' ? parseJson(payload) : payload);
  if (!event.success) return { reason: 'it is no failed batch' };
  return { puts: event.data.Records.map(toPut) };
};

const toPut = (record: StreamRecord): StreamPut => {
  const { partitionKey, data } = record.kinesis;
  const asItWas = { data: Buffer.from(data, 'base64'), partitionKey };
  if (isRedriven(partitionKey)) return asItWas;
  try {
    const { messageId, sentAt, body, accountId } = readRecord(record);
    const back = redriveRecord({ messageId, sentAt, body }, accountId);
    return { data: Buffer.from(back.data), partitionKey: back.partitionKey };
  } catch {
    return asItWas;
  }
};
