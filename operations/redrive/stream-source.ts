import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { readRecord } from '../../functions/dispatch/message.ts';
import type { Item, Source, Unusable } from './put-back.ts';

export interface StreamRange {
  readonly streamName: string;
  /** Epoch milliseconds: records that arrived from `since` on and before `until`. */
  readonly since: number;
  readonly until: number;
}

/** A record of GetRecords, with all its members. */
interface ReadRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrived: number;
}

/** A message under the id that the router gives it, so that clients drop it if they had it. */
const itemOf = (shardId: string, { sequenceNumber, partitionKey, data, arrived }: ReadRecord): Item | Unusable => {
  const id = `${shardId}:${sequenceNumber}`;
  const kinesis = {
    ...{ sequenceNumber, partitionKey, data: Buffer.from(data).toString('base64') },
    approximateArrivalTimestamp: arrived / 1000,
  };
  try {
    return { messages: [readRecord({ eventID: id, kinesis })], records: [], identities: [id], handles: [] };
  } catch {
    return { reason: 'it is no message' };
  }
};

/** The records of a time range that a stream still has, shard by shard. Nothing is removed from the stream. */
export class StreamSource implements Source {
  readonly #client: KinesisClient;
  readonly #range: StreamRange;
  #rounds: AsyncGenerator<readonly (Item | Unusable)[]> | undefined;

  constructor(client: KinesisClient, range: StreamRange) {
    this.#client = client;
    this.#range = range;
  }

  async next(): Promise<readonly (Item | Unusable)[] | undefined> {
    this.#rounds ??= this.#read();
    const round = await this.#rounds.next();
    return round.done ? undefined : round.value;
  }

  remove(): Promise<number> {
    return Promise.resolve(0);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  async *#read(): AsyncGenerator<readonly (Item | Unusable)[]> {
    for (const shardId of await this.#listShards()) {
      for await (const records of this.#shard(shardId)) yield records.map((record) => itemOf(shardId, record));
    }
  }

  async #listShards(): Promise<string[]> {
    const shards: string[] = [];
    let NextToken: string | undefined;
    do {
      // A page after the first is asked for by its token alone.
      const input = NextToken === undefined ? { StreamName: this.#range.streamName } : { NextToken };
      const page = await this.#client.send(new ListShardsCommand(input));
      shards.push(...(page.Shards ?? []).flatMap(({ ShardId }) => ShardId ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return shards;
  }

  /** Ends at the first record that arrived too late, or when the shard has no more. */
  async *#shard(ShardId: string): AsyncGenerator<readonly ReadRecord[]> {
    const { streamName: StreamName, since, until } = this.#range;
    const first = await this.#client.send(
      new GetShardIteratorCommand({
        ...{ StreamName, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(since) },
      }),
    );
    for (let iterator = first.ShardIterator; iterator !== undefined;) {
      const answer = await this.#client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 500 }));
      const records = (answer.Records ?? []).map((record) => ({
        sequenceNumber: record.SequenceNumber ?? '',
        partitionKey: record.PartitionKey ?? '',
        data: record.Data ?? new Uint8Array(),
        arrived: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
      }));
      const inTime = records.filter(({ arrived }) => arrived < until);
      if (inTime.length > 0) yield inTime;
      // An answer may be empty though there are more: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
      const isDone = inTime.length < records.length || (records.length === 0 && !answer.MillisBehindLatest);
      iterator = isDone ? undefined : answer.NextShardIterator;
    }
  }
}
