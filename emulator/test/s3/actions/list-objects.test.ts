import { GetBucketAclCommand, ListObjectsCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { put, s3 } from '../bucket.ts';

const keys = ['a/1', 'a/2', 'top'];

test('pages by markers', async () => {
  await Promise.all(keys.map((key) => put(key)));
  const list = (Marker?: string) => s3.send(new ListObjectsCommand({ Bucket: 'batches', MaxKeys: 2, Marker }));
  const first = await list();
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a/2' });
  const second = await list(first.NextMarker);
  expect([first, second].flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key))).toEqual(keys);
});

test('a subresource of a bucket is refused by name', async () => {
  await expect(s3.send(new GetBucketAclCommand({ Bucket: 'batches' }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The emulator does not support the query parameter acl of Amazon S3',
  });
});
