import { hash } from 'node:crypto';

export interface HashKeyRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** Hash keys have 128 bits. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
const hashKeys = 2n ** 128n;

export const maxHashKey = hashKeys - 1n;

/** Divides the hash keys evenly, as kinesalite does: https://github.com/mhart/kinesalite/blob/master/actions/util.createShards.js */
export const divideHashKeys = (shards: number): readonly HashKeyRange[] => {
  const width = hashKeys / BigInt(shards);
  return Array.from({ length: shards }, (_, index) => ({
    from: width * BigInt(index),
    to: index === shards - 1 ? maxHashKey : width * BigInt(index + 1) - 1n,
  }));
};

/** The MD5 of a partition key, as a number, decides which shard takes the record. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export const hashKeyOf = (partitionKey: string): bigint => BigInt(`0x${hash('md5', partitionKey)}`);
