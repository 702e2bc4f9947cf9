import { expect, test } from '@jest/globals';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { bytes, client, iterator, newStream, read, shardId } from '../streams.ts';

const put = (StreamName: string, data: readonly Uint8Array[]) => {
  const Records = data.map((Data, index) => ({ Data, PartitionKey: `key-${index}` }));
  return client.send(new PutRecordsCommand({ StreamName, Records }));
};

test('puts 500 records in order and answers for each', async () => {
  const stream = newStream();
  const texts = Array.from({ length: 500 }, (_, index) => `record ${index}`);
  const { FailedRecordCount, Records = [] } = await put(stream, texts.map(bytes));
  expect(FailedRecordCount).toBe(0);
  expect(Records.map(({ SequenceNumber }) => SequenceNumber).sort()).toEqual(
    Records.map((record) => record.SequenceNumber),
  );
  expect(await read(await iterator({ StreamName: stream }))).toEqual(texts);
});

test('names the shard of every record', async () => {
  const stream = newStream({ ShardCount: 3 });
  const { Records = [] } = await put(
    stream,
    Array.from({ length: 50 }, () => bytes('x')),
  );
  expect(new Set(Records.map(({ ShardId }) => ShardId))).toEqual(new Set([shardId(0), shardId(1), shardId(2)]));
});

test.each([
  ['more than 500 records', Array.from({ length: 501 }, () => bytes('x')), 'ValidationException'],
  ['no records', [], 'ValidationException'],
  ['one record that is too long', [bytes('x'), Buffer.alloc(1024 * 1024 + 1)], 'ValidationException'],
  ['records over ten mebibytes together', Array(11).fill(Buffer.alloc(1000 * 1024)), 'InvalidArgumentException'],
])('refuses %s and puts none', async (_, data, name) => {
  const stream = newStream();
  await expect(put(stream, data as Buffer[])).rejects.toMatchObject({ name });
  expect(await read(await iterator({ StreamName: stream }))).toEqual([]);
});
