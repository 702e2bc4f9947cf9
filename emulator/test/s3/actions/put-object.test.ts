import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { asWriter, put, s3 } from '../bucket.ts';

const read = async (Key: string) => {
  const { Body, ...rest } = await s3.send(new GetObjectCommand({ Bucket: 'batches', Key }));
  return { text: await Body?.transformToString(), ...rest };
};

test.each(['plain', 'a/b c/d+e', 'ünï/😀', "quote'(1)!*", 'percent%2Fsign'])(
  'stores an object under %j',
  async (key) => {
    await put(key, `content of ${key}`);
    expect(await read(key)).toMatchObject({ text: `content of ${key}` });
  },
);

test('keeps type and metadata', async () => {
  await put('described', '{}', { ContentType: 'application/json', Metadata: { shard: '0001' } });
  expect(await read('described')).toMatchObject({ ContentType: 'application/json', Metadata: { shard: '0001' } });
});

test('answers the MD5 of the content', async () => {
  expect((await put('hashed', 'hello')).ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
});

test('takes a body in chunks', async () => {
  const body = 'chunk'.repeat(50_000);
  const Body = Readable.from([Buffer.from(body.slice(0, 70_000)), Buffer.from(body.slice(70_000))]);
  await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: 'chunked', Body, ContentLength: body.length }));
  expect((await read('chunked')).text).toBe(body);
});

test('overwrites and deletes, also what is gone', async () => {
  await put('twice', 'first');
  await put('twice', 'second');
  expect((await read('twice')).text).toBe('second');
  const remove = () => s3.send(new DeleteObjectCommand({ Bucket: 'batches', Key: 'twice' }));
  await expect(remove()).resolves.toMatchObject({ $metadata: { httpStatusCode: 204 } });
  await expect(remove()).resolves.toMatchObject({ $metadata: { httpStatusCode: 204 } });
  await expect(read('twice')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

describe('what is refused', () => {
  test.each<[title: string, input: object, name: string, status: number]>([
    ['a bucket that is not there', { Bucket: 'none' }, 'NoSuchBucket', 404],
    ['a key that is too long', { Key: 'k'.repeat(1025) }, 'KeyTooLongError', 400],
    ['tags', { Tagging: 'a=b' }, 'NotImplemented', 501],
    ['access control lists', { ACL: 'public-read' }, 'NotImplemented', 501],
  ])('%s', async (_title, input, name, status) => {
    await expect(put('refused', 'x', input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });

  test('a role without the permission', async () => {
    await expect(
      asWriter.send(new PutObjectCommand({ Bucket: 'batches', Key: 'by-role', Body: 'x' })),
    ).resolves.toBeDefined();
    await expect(asWriter.send(new GetObjectCommand({ Bucket: 'batches', Key: 'by-role' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });
});
