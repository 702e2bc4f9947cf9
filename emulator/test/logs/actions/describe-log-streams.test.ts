import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from '@jest/globals';
import { LogStore } from '../../../logs/log-store.ts';
import { clock } from '../../service-server.ts';
import { logs, store } from '../log-groups.ts';

test('lists groups by prefix and pattern', async () => {
  store.createGroup('/aws/lambda/one', 30);
  store.createGroup('/aws/lambda/two');
  store.createGroup('/other');
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' }));
  expect(logGroups).toMatchObject([
    {
      logGroupName: '/aws/lambda/one',
      retentionInDays: 30,
      arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/one:*',
    },
    { logGroupName: '/aws/lambda/two' },
  ]);
  const found = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'other' }));
  expect(found.logGroups).toMatchObject([{ logGroupName: '/other' }]);
});

test('lists streams by name or by the time of their last event', async () => {
  store.put({ group: 'streams', stream: 'b', message: '', timestamp: 1 });
  store.put({ group: 'streams', stream: 'a', message: '', timestamp: 2 });
  const list = async (input: object) => {
    const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: 'streams', ...input }));
    return logStreams.map(({ logStreamName }) => logStreamName);
  };
  expect(await list({})).toEqual(['a', 'b']);
  expect(await list({ orderBy: 'LastEventTime' })).toEqual(['b', 'a']);
  expect(await list({ orderBy: 'LastEventTime', descending: true })).toEqual(['a', 'b']);
  expect(await list({ limit: 1 })).toEqual(['a']);
});

test('an answer has a megabyte of messages at the most', async () => {
  const messages = ['a', 'b', 'c'].map((letter) => letter.repeat(400_000));
  for (const message of messages) store.put({ group: 'large', stream: 's', message });
  const read = async (input: object) => {
    const command = new GetLogEventsCommand({ logGroupName: 'large', logStreamName: 's', ...input });
    const { events = [] } = await logs.send(command);
    return events.map(({ message }) => message);
  };
  expect(await read({ startFromHead: true })).toEqual(messages.slice(0, 2));
  expect(await read({})).toEqual(messages.slice(1));
});

test('a group is named by its name or by its identifier, not by both', async () => {
  store.put({ group: 'twice', stream: 's', message: '' });
  const both = { logGroupName: 'twice', logGroupIdentifier: 'twice' };
  await expect(logs.send(new DescribeLogStreamsCommand(both))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test("reads a stream forward and backward, and repeats the token at the stream's end", async () => {
  for (const message of ['1', '2', '3']) store.put({ group: 'reading', stream: 's', message });
  const read = (input: object) =>
    logs.send(new GetLogEventsCommand({ logGroupName: 'reading', logStreamName: 's', ...input }));
  const first = await read({ startFromHead: true, limit: 2 });
  expect(first.events).toMatchObject([{ message: '1' }, { message: '2' }]);
  const second = await read({ nextToken: first.nextForwardToken });
  expect(second.events).toMatchObject([{ message: '3' }]);
  const end = await read({ nextToken: second.nextForwardToken });
  expect(end).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken });
  expect((await read({ nextToken: second.nextBackwardToken, limit: 1 })).events).toMatchObject([{ message: '2' }]);
  expect((await read({ limit: 1 })).events).toMatchObject([{ message: '3' }]);
});

test('a stream that does not exist is refused', async () => {
  store.createGroup('empty');
  await expect(
    logs.send(new GetLogEventsCommand({ logGroupName: 'empty', logStreamName: 'none' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('an action that is not there is refused by name', async () => {
  await expect(logs.send(new GetQueryResultsCommand({ queryId: 'x' }))).rejects.toThrow(
    /does not support logs:GetQueryResults/,
  );
});

test('a group forgets its oldest events beyond its limit, and their streams', () => {
  const small = new LogStore(clock, 2);
  for (const message of ['1', '2', '3', '4']) small.put({ group: 'g', stream: message, message });
  const group = small.find('g');
  expect([...(group?.events.from(0) ?? [])].map(({ message }) => message)).toEqual(['3', '4']);
  expect([...(group?.streams.keys() ?? [])]).toEqual(['3', '4']);
  expect(group?.storedBytes).toBe(2);
});
