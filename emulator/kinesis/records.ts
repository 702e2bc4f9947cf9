import type { Parameters } from '../service.ts';
import { invalidArgument, malformed, validationFailure } from './errors.ts';
import { maxHashKey } from './hash-key.ts';
import { optionalText, requiredText } from './parameters.ts';
import type { PutRecord, Stream } from './stream.ts';

/** A record of a request. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const readHashKey = (parameters: Parameters): bigint | undefined => {
  const text = optionalText(parameters, 'ExplicitHashKey');
  if (text === undefined) return undefined;
  if (!/^(0|[1-9]\d{0,38})$/.test(text) || BigInt(text) > maxHashKey) {
    throw invalidArgument(`Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1].`);
  }
  return BigInt(text);
};

const bytesOfBase64 = (text: string): number => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw malformed('Data is not Base64');
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
};

/** Bytes of the data and the partition key. */
export const sizeOf = ({ data, partitionKey }: PutRecord): number =>
  bytesOfBase64(data) + Buffer.byteLength(partitionKey);

/** Reads a record that is to be put. @throws AwsError when the stream does not take it */
export const readRecord = (stream: Stream, parameters: Parameters): PutRecord => {
  const partitionKey = requiredText(parameters, 'PartitionKey');
  const record = { partitionKey, data: requiredText(parameters, 'Data'), hashKey: readHashKey(parameters) };
  if (partitionKey.length < 1 || partitionKey.length > 256) {
    throw validationFailure('The partition key must have a length from 1 to 256.');
  }
  if (sizeOf(record) > stream.settings.maxRecordBytes) {
    throw validationFailure(
      `A record must have a length less than or equal to ${stream.settings.maxRecordBytes} bytes.`,
    );
  }
  return record;
};

export const encryptionType = ({ settings }: Stream): string => (settings.encrypted ? 'KMS' : 'NONE');
