import { hash } from 'node:crypto';

export interface HashKeyRange {
  readonly from: bigint;
  readonly to: bigint;
}

const hashKeys = 2n ** 128n;

export const maxHashKey = hashKeys - 1n;

/** Divides the hash keys evenly, as Kinesis does for a new stream. */
export const divideHashKeys = (shards: number): readonly HashKeyRange[] => {
  const width = hashKeys / BigInt(shards);
  return Array.from({ length: shards }, (_, index) => ({
    from: width * BigInt(index),
    to: index === shards - 1 ? maxHashKey : width * BigInt(index + 1) - 1n,
  }));
};

/** The MD5 of a partition key, as a number: it decides which shard takes the record. */
export const hashKeyOf = (partitionKey: string): bigint => BigInt(`0x${hash('md5', partitionKey)}`);
