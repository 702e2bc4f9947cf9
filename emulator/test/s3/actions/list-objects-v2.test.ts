import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from '@jest/globals';
import { put, s3, server } from '../bucket.ts';

const keys = ['a/1', 'a/2', 'b c/1', 'top', 'ünï'];

beforeAll(async () => {
  await Promise.all(keys.map((key) => put(key)));
});

const list = (input: object = {}) => s3.send(new ListObjectsV2Command({ Bucket: 'batches', ...input }));
const keysOf = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) => Contents.map(({ Key }) => Key);

test('lists all objects by the bytes of their keys', async () => {
  const answer = await list();
  expect(keysOf(answer)).toEqual(keys);
  expect(answer).toMatchObject({ KeyCount: 5, IsTruncated: false, Name: 'batches' });
  expect(answer.Contents?.[0]).toMatchObject({ Size: 7, StorageClass: 'STANDARD' });
});

test('lists what begins with a prefix', async () => {
  expect(keysOf(await list({ Prefix: 'a/' }))).toEqual(['a/1', 'a/2']);
});

test('groups by a delimiter', async () => {
  const answer = await list({ Delimiter: '/' });
  expect(keysOf(answer)).toEqual(['top', 'ünï']);
  expect(answer.CommonPrefixes).toEqual([{ Prefix: 'a/' }, { Prefix: 'b c/' }]);
});

test('encodes names when asked', async () => {
  expect(keysOf(await list({ EncodingType: 'url', Prefix: 'b' }))).toEqual(['b%20c%2F1']);
});

test('pages', async () => {
  const found: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await list({ MaxKeys: 2, ContinuationToken });
    found.push(...keysOf(page));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect(found).toEqual(keys);
});

test('starts after a key', async () => {
  expect(keysOf(await list({ StartAfter: 'b c/1' }))).toEqual(['top', 'ünï']);
});

test('gives policies the parameters of the listing', () => {
  const { permissions } = server.calls.find('s3', 'ListObjectsV2');
  expect(permissions?.({ Bucket: 'batches', Prefix: 'a/', MaxKeys: '5' })).toEqual([
    {
      action: 's3:ListBucket',
      resource: 'arn:aws:s3:::batches',
      context: { 's3:prefix': 'a/', 's3:max-keys': '5' },
    },
  ]);
});
