import { expect, test } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { client, clock, errorOf, newQueue } from '../queues.ts';

const received = async (QueueUrl: string) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.ReceiptHandle;

/** A queue with one message, which is in flight for 30 s. */
const inFlight = async () => {
  const QueueUrl = await newQueue();
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  return { QueueUrl, ReceiptHandle: await received(QueueUrl) };
};

const remove = (input: { QueueUrl: string; ReceiptHandle: string | undefined }) =>
  client.send(new DeleteMessageCommand(input));

const change = (input: { QueueUrl: string; ReceiptHandle: string | undefined }, VisibilityTimeout: number) =>
  client.send(new ChangeMessageVisibilityCommand({ ...input, VisibilityTimeout }));

test('a deleted message does not come back', async () => {
  const message = await inFlight();
  await remove(message);
  clock.advance(30_000);
  expect(await received(message.QueueUrl)).toBeUndefined();
});

test('deleting again is no error', async () => {
  const message = await inFlight();
  await remove(message);
  expect(await errorOf(remove(message))).toBe('none');
});

test('a message is deleted although its visibility timeout is over', async () => {
  const message = await inFlight();
  clock.advance(30_000);
  await remove(message);
  expect(await received(message.QueueUrl)).toBeUndefined();
});

test('the handle of an earlier receive deletes nothing', async () => {
  const message = await inFlight();
  clock.advance(30_000);
  await received(message.QueueUrl);
  await remove(message);
  clock.advance(30_000);
  expect(await received(message.QueueUrl)).toBeDefined();
});

test.each(['', 'wrong', 'AQEB'.padEnd(60, 'x')])('the handle %j is refused', async (ReceiptHandle) => {
  const { QueueUrl } = await inFlight();
  const expected = ReceiptHandle === '' ? 'MissingParameter' : 'ReceiptHandleIsInvalid';
  expect(await errorOf(remove({ QueueUrl, ReceiptHandle }))).toBe(expected);
});

test('the handle of another queue is refused', async () => {
  const { ReceiptHandle } = await inFlight();
  expect(await errorOf(remove({ QueueUrl: await newQueue(), ReceiptHandle }))).toBe('ReceiptHandleIsInvalid');
});

test('a longer visibility timeout counts from now', async () => {
  const message = await inFlight();
  clock.advance(20_000);
  await change(message, 60);
  clock.advance(59_000);
  expect(await received(message.QueueUrl)).toBeUndefined();
  clock.advance(1_000);
  expect(await received(message.QueueUrl)).toBeDefined();
});

test('a visibility timeout of zero makes a message visible at once', async () => {
  const message = await inFlight();
  await change(message, 0);
  expect(await received(message.QueueUrl)).toBeDefined();
});

test('the visibility of a visible message cannot be changed', async () => {
  const message = await inFlight();
  clock.advance(30_000);
  expect(await errorOf(change(message, 10))).toBe('MessageNotInflight');
});

test('the visibility of a deleted message cannot be changed', async () => {
  const message = await inFlight();
  await remove(message);
  expect(await errorOf(change(message, 10))).toBe('InvalidParameterValue');
});
