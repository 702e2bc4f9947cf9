import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readRecord } from '../../../functions/dispatch/record.ts';
import { rejectedMessages } from '../../../functions/dispatch/rejected.ts';
import { InvalidRequest } from '../../../functions/aws/errors.ts';
import { startEmulator } from 'aws-template-emulator';
import type { Emulator } from 'aws-template-emulator';
import { redrive } from '../../../operations/redrive/redrive.ts';

const template = {
  Resources: {
    Events: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'events', ShardCount: 1 } },
    Undelivered: { Type: 'AWS::SQS::Queue' },
    Rejected: { Type: 'AWS::SQS::Queue' },
    Failed: { Type: 'AWS::S3::Bucket' },
  },
  Outputs: {
    EventStreamName: { Value: { Ref: 'Events' } },
    UndeliveredQueueUrl: { Value: { Ref: 'Undelivered' } },
    RejectedQueueUrl: { Value: { Ref: 'Rejected' } },
    FailedBatchBucketName: { Value: { Ref: 'Failed' } },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'redrive-'));
const outputsFile = join(folder, 'outputs.json');

let emulator: Emulator;
let sqs: SQSClient;
let kinesis: KinesisClient;
let s3: S3Client;
let names: { stream: string; undelivered: string; rejected: string; bucket: string };

afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  emulator = await startEmulator({ template });
  sqs = new SQSClient(emulator.clientConfig);
  kinesis = new KinesisClient(emulator.clientConfig);
  s3 = new S3Client({ ...emulator.clientConfig, forcePathStyle: true });
  const { outputs } = emulator;
  names = {
    stream: outputs['EventStreamName'] ?? '',
    undelivered: outputs['UndeliveredQueueUrl'] ?? '',
    rejected: outputs['RejectedQueueUrl'] ?? '',
    bucket: outputs['FailedBatchBucketName'] ?? '',
  };
  writeFileSync(outputsFile, JSON.stringify({ stack: { ...outputs, ApiUrl: `${emulator.url}/api/` } }));
});

afterEach(async () => {
  for (const client of [sqs, kinesis, s3]) client.destroy();
  await emulator.stop();
});

/** Runs the command; answers its exit code and its last lines. */
const run = async (from: string, ...flags: string[]): Promise<{ code: number; lines: string[] }> => {
  const lines: string[] = [];
  const args = ['--from', from, '--local', '--outputs', outputsFile, ...flags];
  const code = await redrive(args, (line) => lines.push(line), { waitSeconds: 0 });
  return { code, lines: lines.filter((line) => !line.includes('so far')) };
};

const send = async (queueUrl: string, ...bodies: string[]): Promise<void> => {
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
};

/** Messages that can be received, and those that are hidden. */
const waiting = async (queueUrl: string): Promise<[string | undefined, string | undefined]> => {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] }),
  );
  return [Attributes?.['ApproximateNumberOfMessages'], Attributes?.['ApproximateNumberOfMessagesNotVisible']];
};

const onStream = async (): Promise<{ data: string; partitionKey: string }[]> => {
  const request = {
    StreamName: names.stream,
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  } as const;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(request));
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data, PartitionKey = '' }) => ({
    data: Buffer.from(Data ?? []).toString(),
    partitionKey: PartitionKey,
  }));
};

const streamRecord = (data: string | Buffer, partitionKey = 'key') => ({
  eventID: 'shardId-000000000000:7',
  kinesis: {
    sequenceNumber: '7',
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000,
  },
});
const messagesOnStream = async () =>
  (await onStream()).map(({ data, partitionKey }) => readRecord(streamRecord(data, partitionKey)));

const deadLettered = (messageId: string, ...sessionIds: string[]): string =>
  JSON.stringify({
    reason: 'OutOfTime',
    parkedAt: 2,
    messageId,
    sentAt: 1,
    accountId: 1,
    body: '{"accountId":1}',
    targets: sessionIds.map((sessionId) => ({ accountId: 1, sessionId, queueUrl: 'https://sqs/1/q' })),
  });
const rejected = (data: string | Buffer): string[] =>
  rejectedMessages(streamRecord(data), new InvalidRequest('record', 'x', 'JSON')).map((each) => JSON.stringify(each));

describe('redrive', () => {
  test('puts undelivered messages back to the sessions that did not get them', async () => {
    await send(names.undelivered, deadLettered('m1', 'a', 'b'), deadLettered('m2', 'a'));
    expect(await run('undelivered')).toEqual({
      code: 0,
      lines: [`undelivered: 2 put back as 3 records on ${names.stream}`],
    });
    expect((await messagesOnStream()).map(({ messageId, sessionId }) => [messageId, sessionId])).toEqual(
      expect.arrayContaining([
        ['m1', 'a'],
        ['m1', 'b'],
        ['m2', 'a'],
      ]),
    );
    expect(await waiting(names.undelivered)).toEqual(['0', '0']);
  });

  test('puts rejected records back as they were, also from parts', async () => {
    const large = Buffer.alloc(1_000_000, 'x');
    await send(names.rejected, ...rejected('hello'), ...rejected(large).reverse());
    expect(await run('rejected')).toMatchObject({
      code: 0,
      lines: [`rejected: 2 put back as 2 records on ${names.stream}`],
    });
    const found = await onStream();
    expect(found.map(({ data, partitionKey }) => [data.length, partitionKey]).sort()).toEqual(
      [
        [1_000_000, 'key'],
        [5, 'key'],
      ].sort(),
    );
    expect(await waiting(names.rejected)).toEqual(['0', '0']);
  });

  test('puts failed batches back and removes their objects', async () => {
    const payload = JSON.stringify({ Records: [streamRecord('{"accountId":1}'), streamRecord('{"accountId":2}')] });
    for (const Key of ['aws/lambda/1', 'aws/lambda/2'])
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: JSON.stringify({ payload }) }));
    expect(await run('failed-batches')).toEqual({
      code: 0,
      lines: [`failed-batches: 2 put back as 4 records on ${names.stream}`],
    });
    expect((await messagesOnStream()).map(({ accountId }) => accountId)).toEqual([1, 2, 1, 2]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: names.bucket }))).KeyCount).toBe(0);
  });

  test('changes nothing in a dry run', async () => {
    await send(names.undelivered, deadLettered('m1', 'a', 'b'));
    await send(names.rejected, ...rejected('hello'));
    await s3.send(
      new PutObjectCommand({ Bucket: names.bucket, Key: 'k', Body: JSON.stringify({ payload: '{"Records":[]}' }) }),
    );
    expect((await run('undelivered', '--dry-run')).lines).toEqual([
      `undelivered: 1 would be put back as 2 records on ${names.stream}`,
    ]);
    expect((await run('rejected', '--dry-run')).lines).toEqual([
      `rejected: 1 would be put back as 1 records on ${names.stream}`,
    ]);
    expect((await run('failed-batches', '--dry-run')).lines).toEqual([
      `failed-batches: 1 would be put back as 0 records on ${names.stream}`,
    ]);
    expect(await onStream()).toEqual([]);
    expect([await waiting(names.undelivered), await waiting(names.rejected)]).toEqual([
      ['1', '0'],
      ['1', '0'],
    ]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: names.bucket }))).KeyCount).toBe(1);
  });

  test('leaves what it cannot use, and says why', async () => {
    await send(names.rejected, 'hello', ...rejected(Buffer.alloc(1_000_000)).slice(1), ...rejected('x'));
    expect(await run('rejected')).toEqual({
      code: 1,
      lines: [
        `rejected: 1 put back as 1 records on ${names.stream}`,
        '1 left: it is no rejected record',
        '1 left: parts of it are missing',
      ],
    });
    expect(await waiting(names.rejected)).toEqual(['2', '0']);
  });

  test('is done at once when nothing was set aside', async () => {
    expect(await run('undelivered')).toEqual({
      code: 0,
      lines: [`undelivered: 0 put back as 0 records on ${names.stream}`],
    });
  });

  test('says how it is used when it is used wrongly', async () => {
    const { code, lines } = await run('somewhere');
    expect(code).toBe(2);
    expect(lines.join('\n')).toMatch(/--from must be one of[^]*npm run redrive -- --from/);
  });
});
