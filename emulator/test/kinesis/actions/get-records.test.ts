import { describe, expect, test } from '@jest/globals';
import { GetRecordsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { bytes, client, clock, iterator, newStream, read, shardId } from '../streams.ts';

const hour = 3_600_000;

/** Puts records a second apart; returns their sequence numbers and times. */
const putEach = async (StreamName: string, ...texts: string[]) => {
  const put: { number: string | undefined; time: Date }[] = [];
  for (const text of texts) {
    const time = new Date(clock.now());
    const answer = await client.send(new PutRecordCommand({ StreamName, Data: bytes(text), PartitionKey: 'k' }));
    put.push({ number: answer.SequenceNumber, time });
    clock.advance(1000);
  }
  return put;
};

describe('an iterator', () => {
  test('TRIM_HORIZON begins with the oldest record', async () => {
    const stream = newStream();
    await putEach(stream, 'a', 'b');
    expect(await read(await iterator({ StreamName: stream }))).toEqual(['a', 'b']);
  });

  test('LATEST begins with what is put after it', async () => {
    const stream = newStream();
    await putEach(stream, 'a');
    const latest = await iterator({ StreamName: stream, ShardIteratorType: 'LATEST' });
    await putEach(stream, 'b');
    expect(await read(latest)).toEqual(['b']);
  });

  test.each([
    ['AT_SEQUENCE_NUMBER', ['b', 'c']],
    ['AFTER_SEQUENCE_NUMBER', ['c']],
  ] as const)('%s begins there', async (ShardIteratorType, expected) => {
    const stream = newStream();
    const [, b] = await putEach(stream, 'a', 'b', 'c');
    const at = { StreamName: stream, ShardIteratorType, StartingSequenceNumber: b?.number };
    expect(await read(await iterator(at))).toEqual(expected);
  });

  test('AT_TIMESTAMP begins with the first record since', async () => {
    const stream = newStream();
    const [, b] = await putEach(stream, 'a', 'b', 'c');
    const at = { StreamName: stream, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: b?.time } as const;
    expect(await read(await iterator(at))).toEqual(['b', 'c']);
  });

  test('expires after five minutes', async () => {
    const stream = newStream();
    const old = await iterator({ StreamName: stream });
    clock.advance(300_001);
    await expect(read(old)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  });

  test.each([
    [{ ShardId: shardId(7) }, 'ResourceNotFoundException'],
    [{ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: 'x' }, 'InvalidArgumentException'],
    [{ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }, 'ValidationException'],
    [{ ShardIteratorType: 'AT_TIMESTAMP' }, 'InvalidArgumentException'],
    [{ ShardIteratorType: 'NEWEST' as 'LATEST' }, 'InvalidArgumentException'],
  ] as const)('is refused for %j', async (input, name) => {
    await expect(iterator({ StreamName: newStream(), ...input })).rejects.toMatchObject({ name });
  });

  test.each(['', 'no iterator', Buffer.from('["x","y",-1,0]').toString('base64')])('%j is refused', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});

test('goes on with the next iterator, and says how far behind it is', async () => {
  const stream = newStream();
  await putEach(stream, 'a', 'b');
  const first = await client.send(
    new GetRecordsCommand({ ShardIterator: await iterator({ StreamName: stream }), Limit: 1 }),
  );
  expect(first.MillisBehindLatest).toBeGreaterThanOrEqual(1000);
  const second = await client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
  expect(second).toMatchObject({ MillisBehindLatest: 0, Records: [{ PartitionKey: 'k' }] });
});

test('answers at most ten mebibytes at a time', async () => {
  const stream = newStream();
  const Data = Buffer.alloc(1024 * 1024 - 1);
  for (let put = 0; put < 12; put += 1)
    await client.send(new PutRecordCommand({ StreamName: stream, Data, PartitionKey: 'k' }));
  const { Records = [] } = await client.send(
    new GetRecordsCommand({ ShardIterator: await iterator({ StreamName: stream }) }),
  );
  expect(Records).toHaveLength(10);
});

test('loses records when their retention is over', async () => {
  const stream = newStream({ RetentionPeriodHours: 48 });
  const [a] = await putEach(stream, 'a');
  clock.advance(24 * hour);
  await putEach(stream, 'b');
  clock.advance(24 * hour);
  const at = {
    StreamName: stream,
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: a?.number,
  } as const;
  expect(await read(await iterator({ StreamName: stream }))).toEqual(['b']);
  expect(await read(await iterator(at))).toEqual(['b']);
});
