import type { Action, Parameters } from '../../service.ts';
import { invalidArgument, malformed, validationFailure } from '../errors.ts';
import { encryptionType, readRecord, sizeOf } from '../records.ts';
import type { PutRecord, Stream } from '../stream.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

const mostRecords = 500;

/** Bytes of all records of one request. */
const longestRequest = 10 * 1024 * 1024;

const isParameters = (value: unknown): value is Parameters => typeof value === 'object' && value !== null;

const readRecords = (stream: Stream, { Records: records }: Parameters): readonly PutRecord[] => {
  if (!Array.isArray(records)) throw malformed('Records can not be converted to a List');
  if (records.length < 1 || records.length > mostRecords) {
    throw validationFailure(
      `1 validation error detected: Value at 'records' must have from 1 to ${mostRecords} members`,
    );
  }
  const read = records.map((record: unknown) => readRecord(stream, isParameters(record) ? record : {}));
  if (read.reduce((sum, record) => sum + sizeOf(record), 0) > longestRequest) {
    throw invalidArgument(`Records size exceeds ${longestRequest} bytes.`);
  }
  return read;
};

/** A record that cannot be taken makes the whole request fail; nothing is throttled, so none fails for itself. */
export const putRecords = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'PutRecords'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const stored = stream.put(readRecords(stream, parameters));
    const results = stored.map(({ shardId, sequenceNumber }) => ({ ShardId: shardId, SequenceNumber: sequenceNumber }));
    return { FailedRecordCount: 0, Records: results, EncryptionType: encryptionType(stream) };
  },
});
