import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { Put, StreamPut } from './put-back.ts';

/** PutRecords takes 500 records and, on a stream without larger records, 5 MiB with partition keys. */
const callRecords = 500;
const callBytes = 4 * 1024 * 1024;

const attempts = 8;
const firstDelay = 100;
const longestDelay = 5000;

export interface Pace {
  readonly delay: (milliseconds: number) => Promise<unknown>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** One PutRecords call; answers for each record its sequence number, or undefined when it was not accepted. */
export const createPutCall =
  (client: KinesisClient, streamName: string): Put =>
  async (records) => {
    const Records = records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: streamName, Records }));
    return records.map((_, index) => answer.Records?.[index]?.SequenceNumber);
  };

/** Puts records with as few calls as can be; what is refused, as throttled shards do, is put again after a while. */
export const createPut =
  (putCall: Put, { delay, random }: Pace): Put =>
  async (records) => {
    const numbers: (string | undefined)[] = records.map(() => undefined);
    let left = [...records.keys()];
    for (let attempt = 0; left.length > 0 && attempt < attempts; attempt += 1) {
      if (attempt > 0) await delay(random() * Math.min(longestDelay, firstDelay * 2 ** attempt));
      for (const call of calls(left, records)) {
        const answered = await putCall(call.flatMap((index) => records[index] ?? []));
        for (const [position, index] of call.entries()) numbers[index] = answered[position];
      }
      left = left.filter((index) => numbers[index] === undefined);
    }
    return numbers;
  };

const calls = (indices: readonly number[], records: readonly StreamPut[]): number[][] => {
  const all: number[][] = [];
  let bytes = Infinity;
  for (const index of indices) {
    const { data, partitionKey } = records[index] ?? { data: Buffer.alloc(0), partitionKey: '' };
    const size = data.length + Buffer.byteLength(partitionKey);
    const open = all.at(-1);
    if (!open || open.length === callRecords || bytes + size > callBytes) {
      all.push([index]);
      bytes = size;
    } else {
      open.push(index);
      bytes += size;
    }
  }
  return all;
};
