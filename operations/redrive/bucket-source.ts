import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { readFailedBatch } from './failed-batch.ts';
import type { Item, Source, Unusable } from './put-back.ts';

/** The objects that are in a bucket when the first is asked for, one at a time, in the order of their keys. */
export class BucketSource implements Source {
  readonly #client: S3Client;
  readonly #bucket: string;
  #keys: string[] | undefined;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async next(): Promise<readonly (Item | Unusable)[] | undefined> {
    this.#keys ??= await this.#list();
    const key = this.#keys.shift();
    if (key === undefined) return undefined;
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    const batch = readFailedBatch((await Body?.transformToString()) ?? '');
    return ['reason' in batch ? batch : { ...batch, identities: [key], handles: [key] }];
  }

  async remove(handles: readonly string[]): Promise<number> {
    for (const Key of handles) await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key }));
    return 0;
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  async #list(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket })) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  }
}
