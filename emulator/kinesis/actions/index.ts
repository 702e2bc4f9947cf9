import { describeStream } from './describe-stream.ts';
import { describeStreamSummary } from './describe-stream-summary.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { listShards } from './list-shards.ts';
import { listStreams } from './list-streams.ts';
import { putRecord } from './put-record.ts';
import { putRecords } from './put-records.ts';
import type { Action } from '../../service.ts';
import type { KinesisState } from '../streams.ts';

/** Every action of Kinesis Data Streams that the emulator has, by the API's name. */
export const kinesisActions = (state: KinesisState): Readonly<Record<string, Action>> => ({
  DescribeStream: describeStream(state),
  DescribeStreamSummary: describeStreamSummary(state),
  GetRecords: getRecords(state),
  GetShardIterator: getShardIterator(state),
  ListShards: listShards(state),
  ListStreams: listStreams(state),
  PutRecord: putRecord(state),
  PutRecords: putRecords(state),
});
