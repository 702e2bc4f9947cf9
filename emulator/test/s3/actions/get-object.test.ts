import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { asReader, put, s3, server } from '../bucket.ts';

test('gives the content and what is known of it', async () => {
  await put('one', 'hello', { ContentType: 'text/plain' });
  const { Body, ...rest } = await s3.send(new GetObjectCommand({ Bucket: 'batches', Key: 'one' }));
  expect(await Body?.transformToString()).toBe('hello');
  expect(rest).toMatchObject({
    ContentLength: 5,
    ContentType: 'text/plain',
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
  });
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'batches', Key: 'one' }));
  expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', LastModified: rest.LastModified });
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
test('an object that does not exist is 404 for callers that may list the bucket, and 403 for all others', async () => {
  const missing = { Bucket: 'batches', Key: 'missing' };
  await put('one');
  await expect(asReader.send(new GetObjectCommand({ Bucket: 'batches', Key: 'one' }))).resolves.toBeDefined();
  await expect(s3.send(new GetObjectCommand(missing))).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(asReader.send(new GetObjectCommand(missing))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('s3:ListBucket'),
    $metadata: { httpStatusCode: 403 },
  });
  const head = asReader.send(new HeadObjectCommand(missing));
  await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test('gives a presigned address its content', async () => {
  await put('one', 'hello');
  const client = new AwsClient({ accessKeyId: 'local', secretAccessKey: 'local', service: 's3', region: 'us-east-1' });
  const { url } = await client.sign(`${server.url}/batches/one?X-Amz-Expires=60`, { aws: { signQuery: true } });
  expect(await (await fetch(url)).text()).toBe('hello');
});

describe('buckets', () => {
  test('are listed and found', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain('batches');
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'batches' }))).resolves.toBeDefined();
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  test('have the policy of the template', async () => {
    const everything = { Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::guarded/*' };
    const onlyTls = { Effect: 'Deny', ...everything, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    server.s3.createBucket('guarded');
    server.s3.setPolicy('guarded', { Version: '2012-10-17', Statement: [onlyTls] });
    expect(server.calls.find('s3', 'GetObject').permissions?.({ Bucket: 'guarded', Key: 'k' })).toMatchObject([
      { resourcePolicy: { Statement: [onlyTls] } },
      { action: 's3:ListBucket' },
    ]);
    expect(() => {
      server.s3.setPolicy('none', {});
    }).toThrow('There is no bucket none');
    await expect(s3.send(new GetObjectCommand({ Bucket: 'guarded', Key: 'k' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });
});

test.each([
  ['a range', new GetObjectCommand({ Bucket: 'batches', Key: 'one', Range: 'bytes=0-1' })],
  ['a condition', new GetObjectCommand({ Bucket: 'batches', Key: 'one', IfMatch: '"x"' })],
  ['a version', new GetObjectCommand({ Bucket: 'batches', Key: 'one', VersionId: 'v' })],
])('%s is refused by name', async (_title, command) => {
  await expect(s3.send(command)).rejects.toMatchObject({ name: 'NotImplemented' });
});
