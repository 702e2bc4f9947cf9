import { expect, test } from '@jest/globals';
import { CreateQueueCommand, DeleteQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { ListQueuesCommandInput } from '@aws-sdk/client-sqs';
import { client, errorOf } from '../queues.ts';

const create = (prefix: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const answer = await client.send(new CreateQueueCommand({ QueueName: `${prefix}-${index}` }));
      return answer.QueueUrl ?? '';
    }),
  );

const list = (input: ListQueuesCommandInput) => client.send(new ListQueuesCommand(input));

const pages = async (input: ListQueuesCommandInput, between: () => Promise<unknown> = () => Promise.resolve()) => {
  const found: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await list({ ...input, NextToken });
    found.push(page.QueueUrls ?? []);
    NextToken = page.NextToken;
    await between();
  } while (NextToken !== undefined);
  return found;
};

test('lists the queues whose names begin with the prefix', async () => {
  const urls = await create('alpha', 3);
  await create('alp', 1);
  const { QueueUrls = [], NextToken } = await list({ QueueNamePrefix: 'alpha-' });
  expect([...QueueUrls].sort()).toEqual(urls.sort());
  expect(NextToken).toBeUndefined();
});

test('lists nothing when there is nothing', async () => {
  expect((await list({ QueueNamePrefix: 'nobody-has-this' })).QueueUrls).toBeUndefined();
});

test('pages, every queue once', async () => {
  const urls = await create('beta', 7);
  const found = await pages({ QueueNamePrefix: 'beta-', MaxResults: 3 });
  expect(found.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(found.flat().sort()).toEqual(urls.sort());
});

test('ends with a full page without a token', async () => {
  await create('gamma', 4);
  expect(await pages({ QueueNamePrefix: 'gamma-', MaxResults: 2 })).toHaveLength(2);
});

test('misses no queue while others are deleted', async () => {
  const urls = await create('delta', 6);
  const first = (await list({ QueueNamePrefix: 'delta-', MaxResults: 2 })).QueueUrls ?? [];
  const kept = urls.filter((url) => !first.includes(url));
  const found = await pages({ QueueNamePrefix: 'delta-', MaxResults: 2 }, async () => {
    for (const QueueUrl of first.splice(0)) await client.send(new DeleteQueueCommand({ QueueUrl }));
  });
  expect(found.flat()).toEqual(expect.arrayContaining(kept));
});

test('answers at most a thousand, and a token only to those who say how many they want', async () => {
  await create('epsilon', 1001);
  const without = await list({ QueueNamePrefix: 'epsilon-' });
  expect(without.QueueUrls).toHaveLength(1000);
  expect(without.NextToken).toBeUndefined();
  expect((await pages({ QueueNamePrefix: 'epsilon-', MaxResults: 1000 })).map((page) => page.length)).toEqual([
    1000, 1,
  ]);
});

test.each([{ MaxResults: 0 }, { MaxResults: 1001 }, { MaxResults: 1, NextToken: 'made up' }])(
  'refuses %j',
  async (input) => {
    expect(await errorOf(list(input))).toBe('InvalidParameterValue');
  },
);
