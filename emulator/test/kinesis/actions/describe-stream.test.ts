import { describe, expect, test } from '@jest/globals';
import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  ListStreamsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { arnOf, client, clock, kinesis, newStream, shardId } from '../streams.ts';

test('DescribeStream lists the shards, which divide all hash keys', async () => {
  const StreamName = newStream({ ShardCount: 3 });
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  expect(StreamDescription).toMatchObject({
    StreamARN: arnOf(StreamName),
    StreamStatus: 'ACTIVE',
    RetentionPeriodHours: 24,
    HasMoreShards: false,
  });
  const ranges = (StreamDescription?.Shards ?? []).map(({ HashKeyRange }) => [
    BigInt(HashKeyRange?.StartingHashKey ?? 0),
    BigInt(HashKeyRange?.EndingHashKey ?? 0),
  ]);
  expect(ranges[0]?.[0]).toBe(0n);
  expect(ranges[2]?.[1]).toBe(2n ** 128n - 1n);
  expect(ranges.slice(1).map(([from = 0n]) => from - 1n)).toEqual(ranges.slice(0, 2).map(([, to]) => to));
});

test('DescribeStreamSummary counts the shards of an on-demand stream', async () => {
  const StreamARN = arnOf(newStream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamARN }));
  expect(StreamDescriptionSummary).toMatchObject({
    OpenShardCount: 4,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    MaxRecordSizeInKiB: 1024,
  });
});

test('ListShards pages', async () => {
  const StreamName = newStream({ ShardCount: 3 });
  const first = await client.send(new ListShardsCommand({ StreamName, MaxResults: 2 }));
  const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken }));
  expect(first.Shards?.map(({ ShardId }) => ShardId)).toEqual([shardId(0), shardId(1)]);
  expect(second.Shards?.map(({ ShardId }) => ShardId)).toEqual([shardId(2)]);
  expect(second.NextToken).toBeUndefined();
});

test('a token of ListShards can be used for five minutes', async () => {
  const { NextToken } = await client.send(
    new ListShardsCommand({ StreamName: newStream({ ShardCount: 2 }), MaxResults: 1 }),
  );
  clock.advance(300_001);
  await expect(client.send(new ListShardsCommand({ NextToken }))).rejects.toMatchObject({
    name: 'ExpiredNextTokenException',
    $metadata: { httpStatusCode: 400 },
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html: "at most 100 results are returned"
test('an answer has a hundred shards at the most, whatever Limit says', async () => {
  const StreamName = newStream({ ShardCount: 101 });
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName, Limit: 101 }));
  expect(StreamDescription?.Shards).toHaveLength(100);
  expect(StreamDescription?.HasMoreShards).toBe(true);
});

test('ListStreams pages by name', async () => {
  const names = [newStream(), newStream(), newStream()];
  const listed: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStreamsCommand({ Limit: 2, NextToken }));
    listed.push(...(page.StreamNames ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(listed).toEqual(expect.arrayContaining(names));
  expect(new Set(listed).size).toBe(listed.length);
});

describe('refuses by name', () => {
  test('an action it does not have', async () => {
    const split = new SplitShardCommand({ StreamName: newStream(), ShardToSplit: shardId(0), NewStartingHashKey: '1' });
    await expect(client.send(split)).rejects.toThrow('kinesis:SplitShard');
  });

  test('a parameter it does not have', async () => {
    const list = new ListShardsCommand({ StreamName: newStream(), ShardFilter: { Type: 'AT_LATEST' } });
    await expect(client.send(list)).rejects.toThrow('ShardFilter');
  });

  test.each([{ ShardCount: 0 }, { RetentionPeriodHours: 12 }, { DesiredShardLevelMetrics: [] }])(
    'the stream property %j',
    (properties) => {
      expect(() => {
        kinesis.createStream('refused', properties);
      }).toThrow(Object.keys(properties)[0]);
    },
  );
});
