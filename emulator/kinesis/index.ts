import type { Clock } from '../clock.ts';
import type { Entries, State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { Service } from '../service.ts';
import { kinesisActions } from './actions/index.ts';
import type { KinesisEvent } from './event-source-mapping/batch.ts';
import type { KeptShard, StreamRecord } from './shard.ts';
import { Stream } from './stream.ts';
import { readStreamSettings } from './stream-settings.ts';
import { streamArn } from './streams.ts';

interface KinesisOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Where records are kept. Default: nowhere. */
  readonly state?: State;
}

/** Streams in memory. */
export interface Kinesis extends Service {
  readonly name: 'kinesis';
  /** Creates a stream of the template from the properties of its AWS::Kinesis::Stream. @throws Error naming a property that is not supported. */
  createStream(name: string, properties: Readonly<Record<string, unknown>>): void;
  /** Calls the listener once for each put of records into a shard of the stream; returns how to stop that. */
  onRecords(streamArn: string, listener: (shardId: string) => void): () => void;
}

export type CreateKinesis = (options: KinesisOptions) => Kinesis;

export const createKinesis: CreateKinesis = ({ clock, accountId, region, state = noState }) => {
  const streams = new Map<string, Stream>();
  const kept = {
    shards: state.entries('kinesis-shards', (shard: KeptShard) => shard),
    records: state.entries('kinesis-records', (record: StreamRecord) => record),
  };
  const location = { accountId, region };
  return {
    name: 'kinesis',
    actions: kinesisActions({ ...location, streams, now: () => clock.now() }),
    createStream: (name, properties) => {
      if (streams.has(name)) throw new Error(`There are two streams named ${name}`);
      const settings = readStreamSettings(properties);
      streams.set(name, new Stream(clock, { name, arn: streamArn(location, name), settings, kept }));
    },
    onRecords: (arn, listener) => {
      const stream = [...streams.values()].find((candidate) => candidate.arn === arn);
      if (!stream) throw new Error(`There is no stream ${arn}`);
      return stream.onRecords(listener);
    },
  };
};

export interface EventSourceMappingOptions {
  readonly clock: Clock;
  /** The properties of the AWS::Lambda::EventSourceMapping, resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly kinesis: Pick<Kinesis, 'onRecords'>;
  /** The mapping's UUID, which is in the keys of failed batches. */
  readonly id: string;
  /** The ARN of the function's role, which is in each record of an event. */
  readonly roleArn: string;
  /** The function's ARN, as the record of a failed batch names it. */
  readonly functionArn: string;
  readonly region: string;
  /**
   * Makes a call with the permissions of the function's role, as Lambda does: kinesis ListShards, GetShardIterator and
   * GetRecords; s3 PutObject { Bucket, Key, Body (text) }. Usually Calls.run with the role as principal.
   */
  readonly call: (
    service: 'kinesis' | 's3',
    action: string,
    parameters: Readonly<Record<string, unknown>>,
  ) => Promise<object>;
  /** Resolves with the function's answer; rejects when it fails. `functionName` is the property FunctionName. */
  readonly invoke: (functionName: string, event: KinesisEvent) => Promise<unknown>;
  /** Retries follow at once; otherwise after 1 s, doubling up to 30 s, on the clock. */
  readonly instantRetries?: boolean;
  /** Called with the milliseconds that an instant retry would have waited. */
  readonly passTime?: ((milliseconds: number) => void) | undefined;
  /** The last sequence number that was delivered or discarded, by shard. Default: nothing is kept. */
  readonly checkpoints?: Pick<Entries<string, string>, 'load' | 'put'>;
  /** Called with what Lambda would show as the mapping's problem: a call that was refused. */
  readonly onProblem?: (problem: Error) => void;
}

export interface EventSourceMapping {
  /** Resolves when every record put so far has been delivered or discarded. */
  idle(): Promise<void>;
  /** Whether it reads. */
  readonly isEnabled: boolean;
  /** Stops reading, or continues where it stopped. A batch in progress is finished. */
  setEnabled(isEnabled: boolean): void;
  /** Stops reading; resolves when the invocations in progress have ended. */
  stop(): Promise<void>;
}

/** @throws Error naming a property or value that is not supported. */
export type CreateEventSourceMapping = (options: EventSourceMappingOptions) => EventSourceMapping;
