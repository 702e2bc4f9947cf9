import { rejectedRecordSchema } from '../../functions/router/rejected-records.ts';
import { readJson } from '../json.ts';
import type { Content } from './queue-messages.ts';

/** The record that was rejected, as it was put, or a part of it. */
export const readRejected = (text: string): Content => {
  const rejected = readJson(rejectedRecordSchema, text);
  if (!rejected) return { reason: 'it is not a rejected record' };
  const { sequenceNumber, partitionKey, part, parts } = rejected;
  const data = Buffer.from(rejected.data, 'base64');
  if (parts > 1) return { part, parts, of: sequenceNumber, partitionKey, data };
  return { messages: [], records: [{ data, partitionKey }], identities: [sequenceNumber] };
};
