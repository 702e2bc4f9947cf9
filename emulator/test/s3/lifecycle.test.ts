import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../index.ts';
import { expirationOf } from '../../s3/lifecycle.ts';
import { put, s3, server } from './bucket.ts';

const day = 86_400_000;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html has this example, with 3 days.
test('an object expires at the midnight after its days', () => {
  const written = Date.parse('2014-01-15T10:30:00Z');
  const rules = [{ id: 'three', prefix: '', days: 3 }];
  expect(expirationOf('any', written, rules)).toEqual({ rule: 'three', time: Date.parse('2014-01-19T00:00:00Z') });
});

test('of several rules the one that expires an object first counts, among those of its prefix', () => {
  const rules = [
    { id: 'all', prefix: '', days: 9 },
    { id: 'short', prefix: 'a/', days: 2 },
    { id: 'other', prefix: 'b/', days: 1 },
  ];
  expect(expirationOf('a/1', 1, rules)).toEqual({ rule: 'short', time: 3 * day });
  expect(expirationOf('c', 1, rules)).toEqual({ rule: 'all', time: 10 * day });
  expect(expirationOf('c', 1, [])).toBeUndefined();
});

describe('a bucket with a rule', () => {
  server.s3.createBucket('expiring', [{ id: 'one-day', prefix: 'short/', days: 1 }]);
  const expiring = (Key: string) => ({ Bucket: 'expiring', Key });

  test('says when an object expires, deletes it then, and no other', async () => {
    const midnight = Math.ceil((server.clock.now() + day) / day) * day;
    const header = `expiry-date="${new Date(midnight).toUTCString()}", rule-id="one-day"`;
    expect(await put('short/one', 'x', { Bucket: 'expiring' })).toMatchObject({ Expiration: header });
    expect((await put('long/one', 'x', { Bucket: 'expiring' })).Expiration).toBeUndefined();
    expect(await s3.send(new HeadObjectCommand(expiring('short/one')))).toMatchObject({ Expiration: header });
    server.clock.advance(2 * day);
    const later = new S3Client({ ...server.client(), systemClockOffset: 2 * day });
    await expect(later.send(new GetObjectCommand(expiring('short/one')))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { Contents } = await later.send(new ListObjectsV2Command({ Bucket: 'expiring' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['long/one']);
  });
});

describe('a template', () => {
  const bucket = (...Rules: readonly object[]) => ({
    Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b', LifecycleConfiguration: { Rules } } } },
  });

  test('may have rules that expire objects after days, and switched off ones', async () => {
    const template = bucket(
      { Status: 'Enabled', ExpirationInDays: 1, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
      { Id: 'off', Status: 'Disabled', Prefix: 'a', ExpirationInDays: 2 },
    );
    const emulator = await startEmulator({ template });
    const answer = await emulator.ask('s3', 'PutObject', { Bucket: 'b', Key: 'a1', Body: 'x' });
    expect(answer).toMatchObject({ Expiration: expect.stringContaining('rule-id=""') });
    await emulator.stop();
  });

  test('is refused for a rule that would delete other objects', async () => {
    const template = bucket({ Status: 'Enabled', ExpirationInDays: 1, ObjectSizeLessThan: '9' });
    await expect(startEmulator({ template })).rejects.toThrow('B: LifecycleConfiguration.Rules.0');
  });
});
