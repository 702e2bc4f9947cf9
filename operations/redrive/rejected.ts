import * as z from 'zod/mini';
import { parseJson } from './json.ts';
import type { Content } from './queue-messages.ts';

const rejectedSchema = z.object({
  sequenceNumber: z.string(),
  partitionKey: z.string(),
  data: z.string(),
  part: z.int(),
  parts: z.int(),
});

/** What a rejected message becomes: the record as it was put, or a part of it. */
export const readRejected = (text: string): Content => {
  const rejected = rejectedSchema.safeParse(parseJson(text));
  if (!rejected.success) return { reason: 'it is no rejected record' };
  const { sequenceNumber, partitionKey, part, parts } = rejected.data;
  const data = Buffer.from(rejected.data.data, 'base64');
  if (parts > 1) return { part, parts, of: sequenceNumber, partitionKey, data };
  return { puts: [{ data, partitionKey }], identities: [sequenceNumber] };
};
