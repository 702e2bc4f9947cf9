import type { EventSourceMappingOptions } from '../index.ts';
import { AwsError } from '../../service.ts';
import { isList, memberOf } from '../../values.ts';
import type { StreamRecord } from './batch.ts';
import type { MappingSettings } from './mapping-settings.ts';

interface Read {
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const isRead = (answer: object): answer is Read => isList(memberOf(answer, 'Records'));

/** Reads one shard, each time from where it stopped. */
export class ShardReader {
  readonly #call: EventSourceMappingOptions['call'];
  readonly #settings: MappingSettings;
  readonly #shardId: string;
  #iterator: string | undefined;
  #last: string | undefined;

  /** @param after the sequence number after which it begins; with the oldest record unless given */
  constructor(
    shardId: string,
    settings: MappingSettings,
    { call, after }: { readonly call: EventSourceMappingOptions['call']; readonly after?: string | undefined },
  ) {
    this.#shardId = shardId;
    this.#settings = settings;
    this.#call = call;
    this.#last = after;
  }

  /** The next records, at most `limit`; none when there are none yet. */
  async read(limit: number): Promise<readonly StreamRecord[]> {
    try {
      return await this.#read(limit);
    } catch (error) {
      // An iterator can be used for five minutes. A new one starts at the same position.
      if (!(error instanceof AwsError) || error.code !== 'ExpiredIteratorException') throw error;
      this.#iterator = undefined;
      return this.#read(limit);
    }
  }

  async #read(limit: number): Promise<readonly StreamRecord[]> {
    const ShardIterator = (this.#iterator ??= await this.#newIterator());
    const answer = await this.#call('kinesis', 'GetRecords', { ShardIterator, Limit: limit });
    if (!isRead(answer)) throw new TypeError('GetRecords answered no list of records');
    this.#iterator = answer.NextShardIterator;
    this.#last = answer.Records.at(-1)?.SequenceNumber ?? this.#last;
    return answer.Records;
  }

  async #newIterator(): Promise<string> {
    const position =
      this.#last === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: this.#last };
    const shard = { StreamARN: this.#settings.streamArn, ShardId: this.#shardId };
    return String(
      memberOf(await this.#call('kinesis', 'GetShardIterator', { ...shard, ...position }), 'ShardIterator'),
    );
  }
}
