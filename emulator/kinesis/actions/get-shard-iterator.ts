import type { Action, Parameters } from '../../service.ts';
import { invalidArgument } from '../errors.ts';
import { optionalTime, requiredText } from '../parameters.ts';
import { isSequenceNumber } from '../sequence-number.ts';
import type { Shard } from '../shard.ts';
import { writeIterator } from '../shard-iterator.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

const readSequenceNumber = (parameters: Parameters): string => {
  const number = requiredText(parameters, 'StartingSequenceNumber');
  if (!isSequenceNumber(number)) throw invalidArgument(`StartingSequenceNumber ${number} is invalid.`);
  return number;
};

const positionAfter = (shard: Shard, number: string): number => {
  const position = shard.positionOf(number);
  return shard.at(position)?.sequenceNumber === number ? position + 1 : position;
};

const startingPosition = (shard: Shard, parameters: Parameters): number => {
  const type = requiredText(parameters, 'ShardIteratorType');
  if (type === 'TRIM_HORIZON') return shard.trimHorizon;
  if (type === 'LATEST') return shard.end;
  if (type === 'AT_SEQUENCE_NUMBER') return shard.positionOf(readSequenceNumber(parameters));
  if (type === 'AFTER_SEQUENCE_NUMBER') return positionAfter(shard, readSequenceNumber(parameters));
  if (type !== 'AT_TIMESTAMP') throw invalidArgument(`Invalid ShardIteratorType ${type}.`);
  const time = optionalTime(parameters, 'Timestamp');
  if (time === undefined) throw invalidArgument('Must specify timestamp parameter for iterator of type AT_TIMESTAMP.');
  return shard.positionAt(time);
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
export const getShardIterator = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'GetShardIterator'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const shard = stream.shard(requiredText(parameters, 'ShardId'));
    const position = startingPosition(shard, parameters);
    return { ShardIterator: writeIterator({ streamName: stream.name, shardId: shard.id, position }, state.now()) };
  },
});
