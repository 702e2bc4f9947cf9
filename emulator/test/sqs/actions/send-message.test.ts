import { describe, expect, test } from '@jest/globals';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { MessageAttributeValue, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { client, errorOf, newQueue } from '../queues.ts';

const send = async (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: await newQueue(), MessageBody, ...more }));

const roundTrip = async (MessageBody: string) => {
  const QueueUrl = await newQueue();
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  return (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body;
};

test('answers an id and the digests of body and attributes', async () => {
  const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = await send('This is a test message', {
    MessageAttributes: { messageId: { DataType: 'String', StringValue: 'shardId-000000000000:1' } },
  });
  expect(MessageId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(MD5OfMessageBody).toBe('fafb00f5732ab283681e124bf8747ed1');
  expect(MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
});

test.each([
  ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 𝕊'],
  ['right-to-left text', 'שלום עולם'],
  ['what XML and JSON escape', `<&>"'\\/ \t\r\n ]]>`],
  ['large numbers as they are', '{"id":12345678901234567890,"x":1e400}'],
  ['the last characters that are allowed', '\uE000\uFFFD\u{10000}\u{10FFFF}\u0085\u007F'],
])('carries %s unchanged', async (_, body) => {
  expect(await roundTrip(body)).toBe(body);
});

test('carries a message of a mebibyte', async () => {
  const body = 'é'.repeat(512 * 1024);
  expect(await roundTrip(body)).toBe(body);
});

test.each([
  ['NUL', '\0'],
  ['an escape character', '\u001B'],
  ['U+FFFE', '\uFFFE'],
  ['U+FFFF', '\uFFFF'],
])('refuses %s', async (_, character) => {
  await expect(send(`before ${character} after`)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
});

test.each([
  ['an empty body', { MessageBody: '' }, 'MissingParameter'],
  ['a body over the queue size', { MessageBody: 'x'.repeat(1024 * 1024 + 1) }, 'InvalidParameterValue'],
  ['a delay over 15 minutes', { DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['a group id of 129 characters', { MessageGroupId: 'x'.repeat(129) }, 'InvalidParameterValue'],
  ['a group id with a space', { MessageGroupId: 'a b' }, 'InvalidParameterValue'],
  [
    'a character that XML does not have in an attribute',
    { MessageAttributes: { a: { DataType: 'String', StringValue: '\0' } } },
    'InvalidMessageContents',
  ],
  ['a deduplication id', { MessageDeduplicationId: 'x' }, 'InvalidParameterValue'],
])('refuses %s', async (_, input, error) => {
  expect(await errorOf(send('x', input))).toBe(error);
});

test('counts attributes towards the size', async () => {
  const QueueUrl = await newQueue({ MaximumMessageSize: '1024' });
  const sendWith = (StringValue: string) => {
    const MessageAttributes = { name: { DataType: 'String', StringValue } };
    return errorOf(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1000), MessageAttributes })));
  };
  expect(await sendWith('x'.repeat(14))).toBe('none');
  expect(await sendWith('x'.repeat(15))).toBe('InvalidParameterValue');
});

describe('refuses a message attribute', () => {
  const refused = (attributes: Record<string, MessageAttributeValue>) =>
    errorOf(send('x', { MessageAttributes: attributes }));

  test.each([
    ['without a value', { a: { DataType: 'String', StringValue: '' } }],
    ['of an unknown type', { a: { DataType: 'Bool', StringValue: 'x' } }],
    ['that says number and is none', { a: { DataType: 'Number', StringValue: 'one' } }],
    ['with a reserved name', { 'AWS.x': { DataType: 'String', StringValue: 'x' } }],
    ['with a space in its name', { 'a b': { DataType: 'String', StringValue: 'x' } }],
    ['of the wrong kind of value', { a: { DataType: 'Binary', StringValue: 'x' } }],
    ['with a type of 257 characters', { a: { DataType: `String.${'x'.repeat(250)}`, StringValue: 'x' } }],
  ])('%s', async (_, attributes) => {
    expect(await refused(attributes)).toBe('InvalidParameterValue');
  });

  test('beyond ten', async () => {
    const many = Array.from(
      { length: 11 },
      (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }] as const,
    );
    expect(await refused(Object.fromEntries(many))).toBe('InvalidParameterValue');
  });
});
