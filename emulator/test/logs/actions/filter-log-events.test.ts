import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from '@jest/globals';
import { filterAll, logs, store } from '../log-groups.ts';

const put = (group: string, ...messages: readonly string[]) => {
  for (const message of messages) store.put({ group, stream: 'one', message });
};

test('answers the events of a group in the order they arrived', async () => {
  put('order', 'first', 'second');
  const { events, searchedLogStreams } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'order' }));
  expect(events).toMatchObject([
    {
      message: 'first',
      logStreamName: 'one',
      timestamp: expect.any(Number),
      eventId: expect.stringMatching(/^\d{56}$/),
    },
    { message: 'second' },
  ]);
  expect(searchedLogStreams).toEqual([]);
});

test('pages by its limit', async () => {
  put('pages', 'a', 'b', 'c');
  const command = { logGroupName: 'pages', limit: 2 };
  const first = await logs.send(new FilterLogEventsCommand(command));
  expect(first.events).toHaveLength(2);
  const second = await logs.send(new FilterLogEventsCommand({ ...command, nextToken: first.nextToken }));
  expect(second.events).toMatchObject([{ message: 'c' }]);
  expect(second.nextToken).toBeUndefined();
});

test('answers an empty page with a token where nothing matches for long', async () => {
  put('sparse', ...Array.from({ length: 20_000 }, () => 'hay'), 'needle');
  const page = await logs.send(new FilterLogEventsCommand({ logGroupName: 'sparse', filterPattern: 'needle' }));
  expect(page.events).toEqual([]);
  expect(page.nextToken).toBeDefined();
  expect(await filterAll('sparse', 'needle')).toEqual(['needle']);
});

test('takes a time range and streams', async () => {
  store.put({ group: 'ranges', stream: 'a/1', message: 'early', timestamp: 1_000 });
  store.put({ group: 'ranges', stream: 'a/2', message: 'middle', timestamp: 2_000 });
  store.put({ group: 'ranges', stream: 'b/1', message: 'late', timestamp: 3_000 });
  const find = async (input: object) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'ranges', ...input }));
    return events.map(({ message }) => message);
  };
  expect(await find({ startTime: 2_000 })).toEqual(['middle', 'late']);
  expect(await find({ endTime: 2_000 })).toEqual(['early', 'middle']);
  expect(await find({ logStreamNamePrefix: 'a/' })).toEqual(['early', 'middle']);
  expect(await find({ logStreamNames: ['b/1'] })).toEqual(['late']);
});

const lines = [
  '{"level":"WARN","message":"RECORD_REJECTED","count":3,"who":{"id":"x1"},"ok":true}',
  '{"level":"ERROR","message":"BATCH_NOT_DONE","count":12,"who":null}',
  'plain ERROR text',
];

test.each([
  ['ERROR', [1, 2]],
  ['ERROR text', [2]],
  ['"ERROR text"', [2]],
  ['?plain ?WARN', [0, 2]],
  ['ERROR -plain', [1]],
  ['{ $.level = "WARN" }', [0]],
  ['{ $.level = "*R*" && $.count > 5 }', [1]],
  ['{ ($.level = WARN || $.level = ERROR) && $.count <= 12 }', [0, 1]],
  ['{ $.level != "WARN" }', [1]],
  ['{ $.who.id = x1 }', [0]],
  ['{ $.who IS NULL }', [1]],
  ['{ $.ok IS TRUE }', [0]],
  ['{ $.ok NOT EXISTS }', [1]],
])('the filter %s matches as AWS documents', async (pattern, expected) => {
  const group = `filter ${pattern}`;
  put(group, ...lines);
  expect(await filterAll(group, pattern)).toEqual(expected.map((index) => lines[index]));
});

test.each(['[a, b]', '%regex%', '{ $.a = }', '{ a = 1 }', '{ $.a ~ 1 }', '{ $.a = 1'])(
  'refuses the filter %s',
  async (filterPattern) => {
    store.createGroup('refusals');
    await expect(
      logs.send(new FilterLogEventsCommand({ logGroupName: 'refusals', filterPattern })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  },
);

test('refuses a group that does not exist', async () => {
  await expect(logs.send(new FilterLogEventsCommand({ logGroupName: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
