import type { Clock, EpochMilliseconds } from '../clock.ts';
import { resourceNotFound } from './errors.ts';
import { divideHashKeys, hashKeyOf } from './hash-key.ts';
import type { KeptShards, StreamRecord } from './shard.ts';
import { Shard } from './shard.ts';
import type { StreamSettings } from './stream-settings.ts';

export interface PutRecord {
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly hashKey: bigint | undefined;
}

export interface StoredRecord extends StreamRecord {
  readonly shardId: string;
}

export interface NewStream {
  readonly name: string;
  readonly arn: string;
  readonly settings: StreamSettings;
  readonly kept: KeptShards;
}

/** https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html */
export class Stream {
  readonly name: string;
  readonly arn: string;
  readonly settings: StreamSettings;
  readonly createdAt: EpochMilliseconds;
  readonly shards: readonly Shard[];
  readonly #listeners = new Set<(shardId: string) => void>();

  constructor(clock: Clock, { name, arn, settings, kept }: NewStream) {
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.createdAt = clock.now();
    const retention = settings.retentionHours * 3_600_000;
    this.shards = divideHashKeys(settings.shards).map(
      (hashKeys, index) => new Shard({ clock, index, hashKeys, retention, kept, keyPrefix: name }),
    );
  }

  /** @throws AwsError ResourceNotFoundException */
  shard(id: string): Shard {
    const shard = this.shards.find((candidate) => candidate.id === id);
    if (!shard) throw resourceNotFound(`Shard ${id} in stream ${this.name} does not exist.`);
    return shard;
  }

  /** Puts the records, then calls the listeners once for each shard. */
  put(records: readonly PutRecord[]): readonly StoredRecord[] {
    const stored = records.map(({ partitionKey, data, hashKey }) => {
      const shard = this.#shardFor(partitionKey, hashKey);
      return { ...shard.add(partitionKey, data), shardId: shard.id };
    });
    for (const shardId of new Set(stored.map((record) => record.shardId))) {
      for (const listener of this.#listeners) listener(shardId);
    }
    return stored;
  }

  /** Calls the listener after each put, and in a microtask for shards that have records already. */
  onRecords(listener: (shardId: string) => void): () => void {
    this.#listeners.add(listener);
    queueMicrotask(() => {
      for (const { id, trimHorizon, end } of this.shards) if (end > trimHorizon) listener(id);
    });
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #shardFor(partitionKey: string, hashKey: bigint | undefined): Shard {
    const [only] = this.shards;
    if (only && this.shards.length === 1) return only;
    const key = hashKey ?? hashKeyOf(partitionKey);
    const shard = this.shards.find(({ hashKeys }) => hashKeys.from <= key && key <= hashKeys.to);
    if (!shard) throw new RangeError(`No shard has the hash key ${key}`);
    return shard;
  }
}
