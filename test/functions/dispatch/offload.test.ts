import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import { openDynamoDb } from '../../../functions/aws/clients.ts';
import { jsonBytes, maxMessageBytes, type InlineMessage, type Message } from '../../../functions/dispatch/message.ts';
import {
  createMessageStore,
  loadBodies,
  maxExecutionBytes,
  withoutLargeBody,
} from '../../../functions/dispatch/offload.ts';

const message = (body: string): InlineMessage => ({ messageId: 'm', sentAt: 1, accountId: 1, sessionId: 's', body });

describe('a message', () => {
  test('keeps its body while it fits', () => {
    const small = message('x'.repeat(maxExecutionBytes - 100));
    expect(withoutLargeBody(small)).toBe(small);
  });

  test('is carried without a body that does not fit', () => {
    expect(withoutLargeBody(message('x'.repeat(100_000)))).toEqual({
      messageId: 'm',
      sentAt: 1,
      accountId: 1,
      sessionId: 's',
      offloaded: true,
      bytes: 100_000,
    });
  });

  test('is measured as it stands in a state, with its escapes', () => {
    expect(withoutLargeBody(message('"'.repeat(maxExecutionBytes / 2)))).toHaveProperty('offloaded', true);
    expect(withoutLargeBody(message('é'.repeat(maxExecutionBytes / 2)))).toHaveProperty('bytes', maxExecutionBytes);
  });

  test('always fits an execution', () => {
    for (const size of [10, maxExecutionBytes - 200, maxExecutionBytes, maxMessageBytes]) {
      expect(jsonBytes(withoutLargeBody(message('x'.repeat(size))))).toBeLessThan(maxExecutionBytes);
    }
  });
});

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Messages',
    KeySchema: [{ AttributeName: 'messageId', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'messageId', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const emulator = await startEmulator({ template: { Resources: { Messages: table } } });
const client = openDynamoDb(emulator.clientConfig);
const store = createMessageStore(client, 'Messages');
const calls: string[] = [];
emulator.calls.on(({ service, action }) => calls.push(`${service}:${action}`));
const removals: (() => void)[] = [];

afterEach(() => {
  calls.length = 0;
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

const offloaded = (messageId: string): Message => ({ messageId, sentAt: 1, accountId: 1, offloaded: true, bytes: 9 });

describe('the store', () => {
  test('keeps a body under the id of its message, for a day', async () => {
    await store.put(message('"é🙂\u007f"'), 1_700_000_000_999);
    expect(await store.bodyOf(offloaded('m'))).toBe('"é🙂\u007f"');
    const key = { TableName: 'Messages', Key: { messageId: { S: 'm' } } };
    expect(await emulator.ask('dynamodb', 'GetItem', key)).toMatchObject({ Item: { ttl: { N: '1700086400' } } });
  });

  test('asks for nothing when the body is there', async () => {
    expect([await store.bodyOf(message('b')), calls]).toEqual(['b', []]);
  });

  test('has no body that is no longer kept', async () => {
    expect(await store.bodyOf(offloaded('gone'))).toBeUndefined();
  });

  test('reads each body once, and leaves out those that are no longer kept', async () => {
    await store.put(message('large'), 0);
    const messages = [message('small'), offloaded('m'), offloaded('gone')];
    expect([...(await loadBodies(messages, [0, 1, 1, 2], store))].sort()).toEqual([
      [0, 'small'],
      [1, 'large'],
    ]);
    expect(calls.filter((call) => call === 'dynamodb:GetItem')).toHaveLength(2);
  });

  test('fails by name', async () => {
    removals.push(
      emulator.interceptors.add('before', '*', () => {
        throw new AwsError('ThrottlingException', 'arn:aws:secret');
      }),
    );
    await expect(store.put(message('b'), 0)).rejects.toMatchObject({ name: 'Throttled' });
    await expect(store.bodyOf(offloaded('m'))).rejects.toMatchObject({ name: 'Throttled' });
  });
});
