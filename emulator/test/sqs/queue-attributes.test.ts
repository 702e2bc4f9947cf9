import { describe, expect, test } from '@jest/globals';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { client, clock, errorOf, newQueue } from './queues.ts';

const attributesOf = async (QueueUrl: string, ...AttributeNames: QueueAttributeName[]) =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;

const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

describe('GetQueueAttributes', () => {
  test('answers every attribute of a new queue', async () => {
    const url = await newQueue();
    const { CreatedTimestamp, LastModifiedTimestamp, ...others } = (await attributesOf(url, 'All')) ?? {};
    expect(others).toEqual({
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:${nameOf(url)}`,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '30',
      SqsManagedSseEnabled: 'true',
    });
    expect(Math.abs(Number(CreatedTimestamp) - clock.now() / 1000)).toBeLessThan(5);
    expect(LastModifiedTimestamp).toBe(CreatedTimestamp);
  });

  test('counts messages that are visible, in flight and delayed', async () => {
    const url = await newQueue();
    const Entries = [0, 0, 0, 60].map((DelaySeconds, index) => ({ Id: `${index}`, MessageBody: 'x', DelaySeconds }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 2, VisibilityTimeout: 90 }));
    const count = async () => Object.values((await attributesOf(url, ...names)) ?? {}).map(Number);
    const names: QueueAttributeName[] = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ];
    expect(await count()).toEqual([1, 2, 1]);
    clock.advance(60_000);
    expect(await count()).toEqual([2, 2, 0]);
    clock.advance(30_000);
    expect(await count()).toEqual([4, 0, 0]);
  });

  test('answers only what is asked for', async () => {
    const url = await newQueue();
    expect(await attributesOf(url, 'VisibilityTimeout', 'Policy')).toEqual({ VisibilityTimeout: '30' });
    expect(await attributesOf(url)).toBeUndefined();
  });

  test('refuses an attribute that does not exist', async () => {
    const refused = attributesOf(await newQueue(), 'Colour' as QueueAttributeName);
    expect(await errorOf(refused)).toBe('InvalidAttributeName');
  });
});

describe('SetQueueAttributes', () => {
  test('changes what is given and leaves the rest', async () => {
    const url = await newQueue({ VisibilityTimeout: '7' });
    clock.advance(10_000);
    await set(url, { DelaySeconds: '3' });
    const after = (await attributesOf(url, 'All')) ?? {};
    expect(after).toMatchObject({ VisibilityTimeout: '7', DelaySeconds: '3' });
    expect(Number(after['LastModifiedTimestamp']) - Number(after['CreatedTimestamp'])).toBeGreaterThanOrEqual(10);
  });

  test('takes a policy away with an empty text', async () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
    const url = await newQueue({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
    await set(url, { Policy: '' });
    expect(await attributesOf(url, 'Policy')).toBeUndefined();
  });

  test('changes nothing when one attribute is wrong', async () => {
    const url = await newQueue();
    expect(await errorOf(set(url, { DelaySeconds: '3', VisibilityTimeout: 'x' }))).toBe('InvalidAttributeValue');
    expect(await attributesOf(url, 'DelaySeconds')).toEqual({ DelaySeconds: '0' });
  });
});

test('GetQueueUrl finds a queue by its name', async () => {
  const url = await newQueue();
  expect((await client.send(new GetQueueUrlCommand({ QueueName: nameOf(url) }))).QueueUrl).toBe(url);
});

test.each([{ QueueName: 'not-there' }, { QueueName: 'x', QueueOwnerAWSAccountId: '111111111111' }])(
  'GetQueueUrl refuses %j',
  async (input) => {
    const refused = client.send(new GetQueueUrlCommand(input));
    await expect(refused).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    });
  },
);

test('DeleteQueue makes a queue unknown', async () => {
  const url = await newQueue();
  await client.send(new DeleteQueueCommand({ QueueUrl: url }));
  expect(await errorOf(attributesOf(url, 'All'))).toBe('QueueDoesNotExist');
  expect(await errorOf(client.send(new DeleteQueueCommand({ QueueUrl: url })))).toBe('QueueDoesNotExist');
});

test('PurgeQueue drops all messages, once a minute', async () => {
  const QueueUrl = await newQueue();
  const purge = () => client.send(new PurgeQueueCommand({ QueueUrl }));
  const Entries = ['a', 'b'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await purge();
  await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress', $metadata: { httpStatusCode: 403 } });
  clock.advance(60_000);
  expect(await errorOf(purge())).toBe('none');
  expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
});

test('tags are added, changed and removed', async () => {
  const QueueUrl = await newQueue();
  const tags = async () => (await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags;
  await client.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } }));
  await client.send(new TagQueueCommand({ QueueUrl, Tags: { b: '3' } }));
  expect(await tags()).toEqual({ a: '1', b: '3' });
  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'c'] }));
  expect(await tags()).toEqual({ b: '3' });
});
