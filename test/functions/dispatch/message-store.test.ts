import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { executionLimit, messageLimit } from '../../../functions/dispatch/limits.ts';
import { createMessageStore, lighten, type MessageStore } from '../../../functions/dispatch/message-store.ts';
import { jsonBytes, type InlineMessage } from '../../../functions/dispatch/message.ts';
import { AwsFault, startAwsServer, type AwsServer } from '../../fakes/aws-server.ts';
import { DispatchTables } from '../../fakes/dispatch-tables.ts';

const message = (body: string): InlineMessage => ({ messageId: 'm', sentAt: 1, accountId: 1, sessionId: 's', body });

describe('a message', () => {
  test('travels with its body while it fits', () => {
    const small = message('x'.repeat(executionLimit - 100));
    expect(lighten(small)).toBe(small);
  });

  test('travels without a body that does not fit', () => {
    expect(lighten(message('x'.repeat(100_000)))).toEqual({
      messageId: 'm',
      sentAt: 1,
      accountId: 1,
      sessionId: 's',
      stored: true,
      bytes: 100_000,
    });
  });

  test('is measured as it stands in a state, with its escapes', () => {
    expect(lighten(message('"'.repeat(executionLimit / 2)))).toHaveProperty('stored', true);
    expect(lighten(message('é'.repeat(executionLimit / 2)))).toHaveProperty('bytes', executionLimit);
  });

  test('always fits an execution in the form it travels in', () => {
    for (const size of [10, executionLimit - 200, executionLimit, messageLimit]) {
      expect(jsonBytes(lighten(message('x'.repeat(size))))).toBeLessThan(executionLimit);
    }
  });
});

describe('the store', () => {
  let tables: DispatchTables;
  let server: AwsServer;
  let store: MessageStore;

  beforeEach(async () => {
    tables = new DispatchTables();
    server = await startAwsServer(tables.actions);
    store = createMessageStore(new DynamoDBClient(server.client), 'Messages');
  });

  afterEach(() => server.stop());

  test('keeps a body under the id of its message, for a day', async () => {
    await store.put(message('"é🙂\u007f"'), 1_700_000_000_999);
    expect(await store.bodyOf({ messageId: 'm', sentAt: 1, accountId: 1, stored: true, bytes: 9 })).toBe('"é🙂\u007f"');
    expect(server.calls.map(({ action, parameters }) => [action, parameters])).toEqual([
      [
        'PutItem',
        {
          TableName: 'Messages',
          Item: { messageId: { S: 'm' }, body: { S: '"é🙂\u007f"' }, ttl: { N: '1700086400' } },
        },
      ],
      ['GetItem', { TableName: 'Messages', Key: { messageId: { S: 'm' } }, ConsistentRead: true }],
    ]);
  });

  test('asks for nothing when the body is there', async () => {
    expect([await store.bodyOf(message('b')), server.calls]).toEqual(['b', []]);
  });

  test('knows no body that is no longer kept', async () => {
    expect(await store.bodyOf({ messageId: 'gone', sentAt: 1, accountId: 1, stored: true, bytes: 9 })).toBeUndefined();
  });

  test('fails by name', async () => {
    tables.onCall = () => {
      throw new AwsFault('ThrottlingException');
    };
    await expect(store.put(message('b'), 0)).rejects.toMatchObject({ name: 'Throttled' });
    await expect(
      store.bodyOf({ messageId: 'm', sentAt: 1, accountId: 1, stored: true, bytes: 1 }),
    ).rejects.toMatchObject({ name: 'Throttled' });
  });
});
