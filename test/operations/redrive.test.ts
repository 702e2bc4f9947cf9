import { KinesisClient, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startEmulator, type ExecutionRecord } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { announcements, commandLine } from './cli/command-line.ts';
import { redriveTemplate } from './redrive/redrive-template.ts';
import { randomText } from '../tools/random-text.ts';

const membersSchema = z.record(z.string(), z.unknown());
const inputSchema = z.object({ messages: z.array(membersSchema) });

const emulator = await startEmulator({ template: redriveTemplate });
const { outputs, clientConfig } = emulator;
const names = {
  stream: outputs['EventStreamName'] ?? '',
  undelivered: outputs['UndeliveredQueueUrl'] ?? '',
  rejected: outputs['RejectedQueueUrl'] ?? '',
  bucket: outputs['FailedBatchBucketName'] ?? '',
};
const sqs = new SQSClient(clientConfig);
const kinesis = new KinesisClient(clientConfig);
const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
const command = commandLine(await announcements());

const executions: ExecutionRecord[] = [];
emulator.executions.on((execution) => executions.push(execution));
/** Records that earlier tests have put on the stream. */
let earlier = 0;

afterAll(async () => {
  for (const client of [sqs, kinesis, s3]) client.destroy();
  await emulator.stop();
});

beforeEach(async () => {
  executions.length = 0;
  // SQS purges a queue once a minute.
  emulator.clock.advance(61_000);
  for (const QueueUrl of [names.undelivered, names.rejected]) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key }));
  earlier += (await onStream()).length;
});

/** Runs the command; returns its exit code and its lines. */
const run = async (from: string, ...flags: string[]): Promise<{ code: number; lines: readonly string[] }> => {
  const args = ['dead-letters', 'redrive', '--from', from, '--stack', 'stack', '--endpoint', emulator.url];
  const { code, lines } = await command([...args, ...flags]);
  return { code, lines };
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

/** What the current test has put on the stream. */
const onStream = async (): Promise<{ data: string; partitionKey: string }[]> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: names.stream }));
  const request = { StreamName: names.stream, ShardId: Shards[0]?.ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(request));
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.slice(earlier).map(({ Data, PartitionKey = '' }) => ({
    data: Buffer.from(Data ?? []).toString(),
    partitionKey: PartitionKey,
  }));
};

/** The messages that were dispatched. */
const dispatched = (): Record<string, unknown>[] =>
  executions.flatMap(({ input }) => inputSchema.parse(input).messages);

const streamRecord = (data: string | Buffer, partitionKey = 'key') => ({
  eventID: 'shardId-000000000000:7',
  kinesis: {
    sequenceNumber: '7',
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000,
  },
});

const deadLetter = (messageId: string, accountId: number, ...sessionIds: string[]): string =>
  JSON.stringify({
    reason: 'OutOfTime',
    deadLetteredAt: 2,
    messageId,
    sentAt: 1,
    accountId,
    body: JSON.stringify({ accountId }),
    targets: sessionIds.map((sessionId) => ({ accountId, sessionId, queueUrl: 'https://sqs/1/q' })),
  });

const partLength = 900_000;

/** The messages that the router puts into the rejected queue for a record. */
const rejected = (data: string | Buffer): string[] => {
  const { eventID, kinesis: record } = streamRecord(data);
  const parts = Math.ceil(record.data.length / partLength);
  return Array.from({ length: parts }, (_, part) =>
    JSON.stringify({
      reason: 'InvalidRequest',
      message: 'x',
      recordId: eventID,
      sequenceNumber: record.sequenceNumber,
      partitionKey: record.partitionKey,
      arrivedAt: 1,
      data: record.data.slice(part * partLength, (part + 1) * partLength),
      part: part + 1,
      parts,
    }),
  );
};

describe('redrive', () => {
  test('dispatches undelivered messages to the sessions that did not get them', async () => {
    await send(names.undelivered, deadLetter('m1', 1, 'a', 'b'), deadLetter('m2', 1, 'a'));
    expect(await run('undelivered')).toEqual({ code: 0, lines: ['undelivered: 2 put back: 3 messages to sessions'] });
    expect(dispatched()).toEqual(
      [
        ['m1', 'a'],
        ['m2', 'a'],
        ['m1', 'b'],
      ].map(([messageId, sessionId]) => ({
        messageId,
        sentAt: 1,
        accountId: 1,
        sessionId,
        body: '{"accountId":1}',
      })),
    );
    expect(await onStream()).toEqual([]);
    expect(await waiting(names.undelivered)).toEqual(['0', '0']);
  });

  test('offloads large messages, as the router does', async () => {
    const body = JSON.stringify({ accountId: 1, text: randomText(150_000) });
    await send(names.undelivered, JSON.stringify({ ...membersSchema.parse(JSON.parse(deadLetter('m1', 1))), body }));
    expect((await run('undelivered')).code).toBe(0);
    expect(dispatched()).toMatchObject([{ messageId: 'm1', offloaded: true, bytes: body.length }]);
    const object = { Bucket: outputs['MessageBucketName'], Key: 'messages/m1' };
    expect(await emulator.ask('s3', 'GetObject', object)).toMatchObject({ Body: Buffer.from(body) });
  });

  test('leaves what could not be dispatched, and says why', async () => {
    await send(names.undelivered, deadLetter('m1', 13, 'a'));
    expect(await run('undelivered')).toEqual({
      code: 1,
      lines: [
        'undelivered: 0 put back',
        '  1 left: they could not be dispatched: The dispatch ended as FAILED: Throttled',
      ],
    });
    expect(await waiting(names.undelivered)).toEqual(['1', '0']);
  });

  test('puts rejected records back as they were, also from parts', async () => {
    const large = Buffer.alloc(1_000_000, 'x');
    await send(names.rejected, ...rejected('hello'), ...rejected(large).reverse());
    expect(await run('rejected')).toMatchObject({
      code: 0,
      lines: ['rejected: 2 put back: 2 records on the stream'],
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

  test('dispatches the messages of failed batches, puts their bad records back, and removes their objects', async () => {
    const payload = JSON.stringify({ Records: [streamRecord('{"accountId":1}'), streamRecord('bad')] });
    for (const Key of ['aws/lambda/1', 'aws/lambda/2'])
      await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key, Body: JSON.stringify({ payload }) }));
    expect(await run('failed-batches')).toEqual({
      code: 0,
      lines: ['failed-batches: 2 put back: 2 messages to sessions, 2 records on the stream'],
    });
    expect(dispatched().map(({ messageId, accountId }) => [messageId, accountId])).toEqual([
      ['shardId-000000000000:7', 1],
      ['shardId-000000000000:7', 1],
    ]);
    expect((await onStream()).map(({ data }) => data)).toEqual(['bad', 'bad']);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: names.bucket }))).KeyCount).toBe(0);
  });

  test('changes nothing in a dry run', async () => {
    await send(names.undelivered, deadLetter('m1', 1, 'a', 'b'));
    await send(names.rejected, ...rejected('hello'));
    await s3.send(
      new PutObjectCommand({ Bucket: names.bucket, Key: 'k', Body: JSON.stringify({ payload: '{"Records":[]}' }) }),
    );
    expect((await run('undelivered', '--dry-run')).lines).toEqual([
      'undelivered: 1 would be put back: 2 messages to sessions',
    ]);
    expect((await run('rejected', '--dry-run')).lines).toEqual([
      'rejected: 1 would be put back: 1 record on the stream',
    ]);
    expect((await run('failed-batches', '--dry-run')).lines).toEqual(['failed-batches: 1 would be put back']);
    expect([await onStream(), executions]).toEqual([[], []]);
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
        'rejected: 1 put back: 1 record on the stream',
        '  1 left: it is not a rejected record',
        '  1 left: parts of it are missing',
      ],
    });
    expect(await waiting(names.rejected)).toEqual(['2', '0']);
  });

  test('is done at once when nothing was set aside', async () => {
    expect(await run('undelivered')).toEqual({
      code: 0,
      lines: ['undelivered: 0 put back'],
    });
  });
});
