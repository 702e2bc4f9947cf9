import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { fullJitter } from '../../client/shared/backoff.ts';
import { putRecords, type PutRecordsOptions } from '../../client/shared/put-records.ts';
import type { Put } from './put-back.ts';

type Entry = Parameters<Put>[0][number] & { readonly bytes: number };

export interface PutOptions extends Pick<PutRecordsOptions<Entry>, 'wait'> {
  readonly client: KinesisClient;
  readonly streamName: string;
}

/** Calls in a row that put nothing, after which it gives up. */
const attempts = 8;

/** Puts records on the stream; what is refused, as throttled shards do, is put again after a while. */
export const createPut =
  ({ client, streamName, wait }: PutOptions): Put =>
  async (records) => {
    const entries = records.map((record): Entry => ({
      ...record,
      bytes: record.data.length + Buffer.byteLength(record.partitionKey),
    }));
    const send: PutRecordsOptions<Entry>['send'] = async (batch) => {
      const Records = batch.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
      return (await client.send(new PutRecordsCommand({ StreamName: streamName, Records }))).Records ?? [];
    };
    const retry = fullJitter({ base: 200, cap: 5_000 });
    const { results, error } = await putRecords(entries, { send, wait, retry, attempts });
    if (error !== undefined) throw error instanceof Error ? error : new Error('PutRecords failed', { cause: error });
    return results.map((result) => result?.SequenceNumber);
  };
