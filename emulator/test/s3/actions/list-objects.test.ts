import { GetBucketAclCommand, ListObjectsCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { put, s3 } from '../bucket.ts';

const keys = ['a/1', 'a/2', 'top'];

test('pages by markers', async () => {
  await Promise.all(keys.map((key) => put(key)));
  const list = (input: object) => s3.send(new ListObjectsCommand({ Bucket: 'batches', MaxKeys: 2, ...input }));
  const first = await list({});
  expect(first.IsTruncated).toBe(true);
  expect(first.NextMarker).toBeUndefined();
  const second = await list({ Marker: first.Contents?.at(-1)?.Key });
  expect([first, second].flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key))).toEqual(keys);
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html: "only if you have the delimiter request parameter specified"
test('says where the next page begins when there is a delimiter', async () => {
  await Promise.all(keys.map((key) => put(key)));
  const list = new ListObjectsCommand({ Bucket: 'batches', MaxKeys: 1, Delimiter: '/' });
  expect(await s3.send(list)).toMatchObject({ IsTruncated: true, NextMarker: 'a/' });
});

test('a subresource of a bucket is refused by name', async () => {
  await expect(s3.send(new GetBucketAclCommand({ Bucket: 'batches' }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The emulator does not support the query parameter acl of Amazon S3',
  });
});
