import type { Clock, EpochMilliseconds } from '../clock.ts';
import type { Entries } from '../persistence/state.ts';
import { numberKey } from '../persistence/state.ts';
import type { HashKeyRange } from './hash-key.ts';
import { isBefore, sequenceNumber } from './sequence-number.ts';

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivedAt: EpochMilliseconds;
}

export interface ShardOptions {
  readonly clock: Clock;
  readonly index: number;
  readonly hashKeys: HashKeyRange;
  /** Milliseconds. */
  readonly retention: number;
  readonly kept: KeptShards;
  /** The beginning of its entries' keys. */
  readonly keyPrefix: string;
}

/** A shard as it is kept, without its records. */
export interface KeptShard {
  /** Seconds since the epoch; a part of its sequence numbers. */
  readonly createdAt: number;
  /** The position of its first record. */
  readonly first: number;
}

/** The shards of all streams, and their records. */
export interface KeptShards {
  readonly shards: Entries<KeptShard, KeptShard>;
  readonly records: Entries<StreamRecord, StreamRecord>;
}

/**
 * Positions count the records of a shard from 0. Records before `trimHorizon` are no longer kept: they are older than the retention
 * period. https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
 */
export class Shard {
  readonly id: string;
  readonly hashKeys: HashKeyRange;
  readonly startingSequenceNumber: string;
  readonly #clock: Clock;
  readonly #retention: number;
  readonly #kept: KeptShards;
  readonly #keyPrefix: string;
  readonly #origin: { readonly createdAt: number; readonly shardIndex: number };
  #records: StreamRecord[] = [];
  /** The position of the first of #records. */
  #first = 0;

  constructor({ clock, index, hashKeys, retention, kept, keyPrefix }: ShardOptions) {
    this.id = `shardId-${index.toString().padStart(12, '0')}`;
    this.hashKeys = hashKeys;
    this.#clock = clock;
    this.#retention = retention;
    this.#kept = kept;
    this.#keyPrefix = `${keyPrefix}/${this.id}/`;
    const [[, known] = []] = kept.shards.load(this.#keyPrefix);
    const createdAt = known?.createdAt ?? Math.floor(clock.now() / 1000);
    this.#origin = { createdAt, shardIndex: index };
    this.#first = known?.first ?? 0;
    this.#records = kept.records.load(this.#keyPrefix).map(([, record]) => record);
    if (!known) this.#keep();
    this.startingSequenceNumber = sequenceNumber(this.#origin, 0, createdAt);
  }

  /** The position of the oldest record kept. */
  get trimHorizon(): number {
    this.#trim();
    return this.#first;
  }

  /** The position the next record will have. */
  get end(): number {
    return this.#first + this.#records.length;
  }

  add(partitionKey: string, data: string): StreamRecord {
    this.#trim();
    const arrivedAt = this.#clock.now();
    const number = sequenceNumber(this.#origin, this.end + 1, Math.floor(arrivedAt / 1000));
    const record = { sequenceNumber: number, partitionKey, data, arrivedAt };
    this.#kept.records.put(this.#keyPrefix + numberKey(this.end), record);
    this.#records.push(record);
    return record;
  }

  /** The record at a position, undefined when it is not kept any more or not there yet. */
  at(position: number): StreamRecord | undefined {
    return this.#records[position - this.#first];
  }

  /** The first position whose record has this sequence number or a larger one. */
  positionOf(number: string): number {
    return this.#search((record) => !isBefore(record.sequenceNumber, number));
  }

  /** The first position whose record arrived at this time or later. */
  positionAt(time: EpochMilliseconds): number {
    return this.#search((record) => record.arrivedAt >= time);
  }

  /** The first position for which `holds` returns true. It must return true for all later positions as well. */
  #search(holds: (record: StreamRecord) => boolean): number {
    this.#trim();
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const record = this.#records[middle];
      if (record && holds(record)) high = middle;
      else low = middle + 1;
    }
    return this.#first + low;
  }

  #trim(): void {
    const oldest = this.#clock.now() - this.#retention;
    const [record] = this.#records;
    if (!record || record.arrivedAt > oldest) return;
    const kept = this.#records.findIndex(({ arrivedAt }) => arrivedAt > oldest);
    const dropped = kept < 0 ? this.#records.length : kept;
    for (let position = this.#first; position < this.#first + dropped; position++) {
      this.#kept.records.remove(this.#keyPrefix + numberKey(position));
    }
    this.#records = this.#records.slice(dropped);
    this.#first += dropped;
    this.#keep();
  }

  #keep(): void {
    this.#kept.shards.put(this.#keyPrefix, { createdAt: this.#origin.createdAt, first: this.#first });
  }
}
