import { describe, expect, test } from '@jest/globals';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { client, clock, errorOf, newQueue } from '../queues.ts';

const entries = (...bodies: string[]) => bodies.map((MessageBody, index) => ({ Id: `id-${index}`, MessageBody }));

const send = (QueueUrl: string, Entries: SendMessageBatchRequestEntry[]) =>
  client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

const receive = async (QueueUrl: string) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];

describe('SendMessageBatch', () => {
  test('answers for every entry', async () => {
    const queue = await newQueue();
    const { Successful = [], Failed } = await send(queue, entries('a', 'b'));
    expect(Successful.map(({ Id }) => Id)).toEqual(['id-0', 'id-1']);
    expect(Failed).toBeUndefined();
    const received = await receive(queue);
    expect(received.map(({ Body, MessageId }) => [Body, MessageId])).toEqual([
      ['a', Successful[0]?.MessageId],
      ['b', Successful[1]?.MessageId],
    ]);
  });

  test('sends the other entries when one is refused', async () => {
    const queue = await newQueue({ MaximumMessageSize: '1024' });
    const { Successful = [], Failed = [] } = await send(queue, entries('a', 'x'.repeat(1025), '\0', 'd'));
    expect(Successful.map(({ Id }) => Id)).toEqual(['id-0', 'id-3']);
    expect(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['id-1', 'InvalidParameterValue', true],
      ['id-2', 'InvalidMessageContents', true],
    ]);
    expect((await receive(queue)).map(({ Body }) => Body)).toEqual(['a', 'd']);
  });

  test('takes a mebibyte in all', async () => {
    const halves = entries('x'.repeat(512 * 1024), 'y'.repeat(512 * 1024));
    expect((await send(await newQueue(), halves)).Successful).toHaveLength(2);
  });

  test.each([
    ['no entries', [], 'EmptyBatchRequest'],
    ['eleven entries', entries(...'a b c d e f g h i j k'.split(' ')), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [...entries('a'), ...entries('b')], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ Id: 'a.b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    ['an id of 81 characters', [{ Id: 'a'.repeat(81), MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'more than a mebibyte with its attributes',
      entries('x'.repeat(1024 * 1024 - 20)).map((entry) => ({
        ...entry,
        MessageAttributes: { name: { DataType: 'String', StringValue: 'y'.repeat(11) } },
      })),
      'BatchRequestTooLong',
    ],
    ['more than a mebibyte', entries('x'.repeat(1024 * 1024), 'y'), 'BatchRequestTooLong'],
  ])('refuses %s as a whole', async (_, batch, name) => {
    const queue = await newQueue();
    await expect(send(queue, batch)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await receive(queue)).toEqual([]);
  });
});

describe('DeleteMessageBatch', () => {
  test('deletes what it can', async () => {
    const queue = await newQueue({ VisibilityTimeout: '1' });
    await send(queue, entries('a', 'b', 'c'));
    const [a, , c] = await receive(queue);
    const Entries = [
      { Id: 'a', ReceiptHandle: a?.ReceiptHandle },
      { Id: 'wrong', ReceiptHandle: 'wrong' },
      { Id: 'c', ReceiptHandle: c?.ReceiptHandle },
    ];
    const { Successful = [], Failed = [] } = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }),
    );
    expect(Successful.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toMatchObject([{ Id: 'wrong', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    clock.advance(1_000);
    expect((await receive(queue)).map(({ Body }) => Body)).toEqual(['b']);
  });

  test('refuses no entries', async () => {
    const empty = new DeleteMessageBatchCommand({ QueueUrl: await newQueue(), Entries: [] });
    expect(await errorOf(client.send(empty))).toBe('EmptyBatchRequest');
  });
});

test('ChangeMessageVisibilityBatch changes what it can', async () => {
  const queue = await newQueue();
  await send(queue, entries('a', 'b'));
  const [a] = await receive(queue);
  const Entries = [
    { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
    { Id: 'long', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 43_201 },
  ];
  const change = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue, Entries });
  const { Successful = [], Failed = [] } = await client.send(change);
  expect(Successful.map(({ Id }) => Id)).toEqual(['a']);
  expect(Failed).toMatchObject([{ Id: 'long', Code: 'InvalidParameterValue' }]);
  expect((await receive(queue)).map(({ Body }) => Body)).toEqual(['a']);
});
