import type { Clock, EpochMilliseconds } from '../clock.ts';
import { resourceNotFound } from './errors.ts';
import { divideHashKeys, hashKeyOf } from './hash-key.ts';
import type { StreamRecord } from './shard.ts';
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

export class Stream {
  readonly name: string;
  readonly arn: string;
  readonly settings: StreamSettings;
  readonly createdAt: EpochMilliseconds;
  readonly shards: readonly Shard[];
  readonly #listeners = new Set<(shardId: string) => void>();

  constructor(clock: Clock, name: string, arn: string, settings: StreamSettings) {
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.createdAt = clock.now();
    const retention = settings.retentionHours * 3_600_000;
    this.shards = divideHashKeys(settings.shards).map(
      (hashKeys, index) => new Shard({ clock, index, hashKeys, retention }),
    );
  }

  /** @throws AwsError ResourceNotFoundException */
  shard(id: string): Shard {
    const shard = this.shards.find((candidate) => candidate.id === id);
    if (!shard) throw resourceNotFound(`Shard ${id} in stream ${this.name} does not exist.`);
    return shard;
  }

  /** Puts the records, then tells the listeners, once for each shard. */
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

  onRecords(listener: (shardId: string) => void): () => void {
    this.#listeners.add(listener);
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
