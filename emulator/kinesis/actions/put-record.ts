import type { Action } from '../../service.ts';
import { encryptionType, readRecord } from '../records.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

/** SequenceNumberForOrdering changes nothing: the numbers of a shard always increase. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export const putRecord = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'PutRecord'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const [stored] = stream.put([readRecord(stream, parameters)]);
    return { ShardId: stored?.shardId, SequenceNumber: stored?.sequenceNumber, EncryptionType: encryptionType(stream) };
  },
});
