import type { Action, Parameters } from '../../service.ts';
import { isObject } from '../../values.ts';
import { invalidArgument, malformed, validationFailure } from '../errors.ts';
import { encryptionType, readRecord, sizeOf } from '../records.ts';
import type { PutRecord, Stream } from '../stream.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

/** Records of one request, and bytes of all of them with their partition keys. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const maxRecords = 500;
const maxRequestBytes = 10 * 1024 * 1024;

const readRecords = (stream: Stream, { Records: records }: Parameters): readonly PutRecord[] => {
  if (!Array.isArray(records)) throw malformed('Records can not be converted to a List');
  if (records.length < 1 || records.length > maxRecords) {
    throw validationFailure(
      `1 validation error detected: Value at 'records' must have from 1 to ${maxRecords} members`,
    );
  }
  const read = records.map((record: unknown) => readRecord(stream, isObject(record) ? record : {}));
  if (read.reduce((sum, record) => sum + sizeOf(record), 0) > maxRequestBytes) {
    throw invalidArgument(`Records size exceeds ${maxRequestBytes} bytes.`);
  }
  return read;
};

/** A record that is not valid makes the whole request fail. No shard is throttled here, so no record fails by itself. */
export const putRecords = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'PutRecords'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const stored = stream.put(readRecords(stream, parameters));
    const results = stored.map(({ shardId, sequenceNumber }) => ({ ShardId: shardId, SequenceNumber: sequenceNumber }));
    return { FailedRecordCount: 0, Records: results, EncryptionType: encryptionType(stream) };
  },
});
