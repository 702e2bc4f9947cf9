import type { Action, Parameters } from '../../service.ts';
import { optionalCount, requiredText } from '../parameters.ts';
import type { Shard, StreamRecord } from '../shard.ts';
import { checkedIterator, readIterator, writeIterator } from '../shard-iterator.ts';
import type { KinesisState } from '../streams.ts';
import { streamByName, streamPermission } from '../streams.ts';

/** Records of an answer, and characters of their data in Base64: 10 MiB. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const max = { records: 10_000, characters: Math.floor((10 * 1024 * 1024 * 4) / 3) };

/** Assumed: an answer has at least one record, even if that is too long, so that a reader gets past it. */
const readFrom = (shard: Shard, position: number, limit: number): readonly StreamRecord[] => {
  const records: StreamRecord[] = [];
  let characters = 0;
  for (
    let record = shard.at(position);
    record && records.length < limit;
    record = shard.at(position + records.length)
  ) {
    characters += record.data.length;
    if (records.length > 0 && characters > max.characters) break;
    records.push(record);
  }
  return records;
};

const getRecordsAt = (state: KinesisState, parameters: Parameters): object => {
  const now = state.now();
  const { streamName, shardId, position } = checkedIterator(requiredText(parameters, 'ShardIterator'), now);
  const stream = streamByName(state, streamName);
  const shard = stream.shard(shardId);
  const from = Math.max(position, shard.trimHorizon);
  const records = readFrom(shard, from, optionalCount(parameters, 'Limit', max.records) ?? max.records);
  const next = from + records.length;
  return {
    Records: records.map(({ sequenceNumber, arrivedAt, data, partitionKey }) => ({
      SequenceNumber: sequenceNumber,
      ApproximateArrivalTimestamp: arrivedAt / 1000,
      Data: data,
      PartitionKey: partitionKey,
      ...(stream.settings.encrypted && { EncryptionType: 'KMS' }),
    })),
    NextShardIterator: writeIterator({ streamName, shardId, position: next }, now),
    MillisBehindLatest: Math.max(0, now - (shard.at(next)?.arrivedAt ?? now)),
  };
};

export const getRecords = (state: KinesisState): Action => ({
  permissions: (parameters) => {
    const iterator = parameters['ShardIterator'];
    const position = typeof iterator === 'string' ? readIterator(iterator) : undefined;
    return streamPermission(state, 'GetRecords')({ StreamName: position?.streamName });
  },
  run: (parameters) => getRecordsAt(state, parameters),
});
