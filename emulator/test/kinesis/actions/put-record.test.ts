import { expect, test } from '@jest/globals';
import { GetRecordsCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { arnOf, bytes, client, clock, config, iterator, newStream, shardId } from '../streams.ts';

const put = (StreamName: string, text: string, more: object = {}) =>
  client.send(new PutRecordCommand({ StreamName, Data: bytes(text), PartitionKey: 'key', ...more }));

test('answers the shard and a sequence number of 56 digits', async () => {
  const { ShardId, SequenceNumber, EncryptionType } = await put(newStream(), 'hello');
  expect({ ShardId, EncryptionType }).toEqual({ ShardId: shardId(0), EncryptionType: 'NONE' });
  expect(SequenceNumber).toMatch(/^4\d{55}$/);
});

test('numbers records in increasing order', async () => {
  const stream = newStream();
  const numbers: string[] = [];
  for (const text of ['a', 'b', 'c']) {
    numbers.push((await put(stream, text)).SequenceNumber ?? '');
    clock.advance(1000);
  }
  expect([...new Set(numbers)].sort()).toEqual(numbers);
});

test('keeps data, key and time of arrival', async () => {
  const stream = newStream({ StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } });
  const data = Buffer.from([0, 255, 10, 128]);
  await put(stream, '', { Data: data, PartitionKey: '🔑' });
  const ShardIterator = await iterator({ StreamName: stream });
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Buffer.from(Records[0]?.Data ?? [])).toEqual(data);
  expect(Records[0]).toMatchObject({ PartitionKey: '🔑', EncryptionType: 'KMS' });
  expect(Math.abs((Records[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0) - clock.now())).toBeLessThan(5000);
});

test('takes the stream by its ARN', async () => {
  const answer = put('', 'hello', { StreamName: undefined, StreamARN: arnOf(newStream()) });
  await expect(answer).resolves.toMatchObject({ ShardId: shardId(0) });
});

test('spreads partition keys over the shards, the same key always to the same', async () => {
  const stream = newStream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const shards = new Map<string, string | undefined>();
  for (let key = 0; key < 60; key += 1) {
    const PartitionKey = `key-${key % 30}`;
    const { ShardId } = await put(stream, 'x', { PartitionKey });
    expect(shards.get(PartitionKey) ?? ShardId).toBe(ShardId);
    shards.set(PartitionKey, ShardId);
  }
  expect(new Set(shards.values()).size).toBe(4);
});

test('follows an explicit hash key', async () => {
  const stream = newStream({ ShardCount: 2 });
  const answer = await put(stream, 'x', { ExplicitHashKey: (2n ** 128n - 1n).toString() });
  expect(answer.ShardId).toBe(shardId(1));
});

test.each([
  ['a stream that is not there', { StreamName: 'nowhere' }, 'ResourceNotFoundException'],
  ['no stream', { StreamName: undefined }, 'InvalidArgumentException'],
  ['an empty partition key', { PartitionKey: '' }, 'ValidationException'],
  ['a partition key of 257 characters', { PartitionKey: 'x'.repeat(257) }, 'ValidationException'],
  ['a record over a mebibyte', { Data: Buffer.alloc(1024 * 1024) }, 'ValidationException'],
  ['a hash key out of range', { ExplicitHashKey: (2n ** 128n).toString() }, 'InvalidArgumentException'],
  ['a stream by its id', { StreamId: 'stream-id' }, 'ValidationException'],
])('refuses %s', async (_, input, name) => {
  await expect(put(newStream(), 'x', input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
});

test('takes a record of a mebibyte, key included', async () => {
  await expect(put(newStream(), '', { Data: Buffer.alloc(1024 * 1024 - 3) })).resolves.toMatchObject({});
});

test('answers over HTTP/1.1 as well as over HTTP/2', async () => {
  const { requestHandler } = new SQSClient(config).config;
  const http1 = new KinesisClient({ ...config, requestHandler });
  const request = new PutRecordCommand({ StreamName: newStream(), Data: bytes('x'), PartitionKey: 'k' });
  await expect(http1.send(request)).resolves.toMatchObject({ ShardId: shardId(0) });
  http1.destroy();
});
