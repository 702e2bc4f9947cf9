import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import { openDynamoDb } from '../../../../functions/aws/clients.ts';
import type { RecipientQuery } from '../../../../functions/dispatch/recipients.ts';
import { createFindSessions } from '../../../../functions/dispatch/session-index.ts';
import { many, session } from '../../../tools/indexed-sessions.ts';
import { sessionsTable } from '../../../tools/sessions-table.ts';

const emulator = await startEmulator({ template: { Resources: { Sessions: sessionsTable } } });
const client = openDynamoDb(emulator.clientConfig);
const find = createFindSessions(client, 'Sessions');
const queries: Record<string, unknown>[] = [];
emulator.interceptors.add('before', 'dynamodb:Query', ({ parameters }) => void queries.push(parameters));
const removals: (() => void)[] = [];

const put = async (...sessions: readonly ReturnType<typeof session>[]): Promise<void> => {
  for (const each of sessions) {
    const Item = Object.fromEntries(
      Object.entries({ ...each, identityId: 'identity' }).map(([name, value]) => [
        name,
        typeof value === 'number' ? { N: String(value) } : { S: value },
      ]),
    );
    await emulator.ask('dynamodb', 'PutItem', { TableName: 'Sessions', Item });
  }
};

await put(
  session(1, 'a', { createdAt: 5 }),
  session(1, 'b', { userId: 7 }),
  session(1, 'c', { userId: 77 }),
  session(2, 'a'),
  ...many(50, 3),
);

afterEach(() => {
  queries.length = 0;
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

describe('a query for recipients', () => {
  test.each<[string, RecipientQuery, string[]]>([
    ['of an account finds all of its sessions', { type: 'account', accountId: 1 }, ['a', 'b', 'c']],
    ['of a user finds its sessions and no longer user id', { type: 'user', accountId: 1, userId: 7 }, ['b']],
    ['of a session finds it, whatever user it has', { type: 'session', accountId: 1, sessionId: 'c' }, ['c']],
    ['of an unknown session finds none', { type: 'session', accountId: 2, sessionId: 'c' }, []],
  ])('%s', async (_, query, ids) => {
    const { sessions, next } = await find(query);
    expect(sessions.map(({ sessionId }) => sessionId).sort()).toEqual(ids);
    expect(next).toBeUndefined();
  });

  test('returns what is known of a session', async () => {
    const { sessions } = await find({ type: 'session', accountId: 1, sessionId: 'a' });
    expect(sessions).toEqual([session(1, 'a', { createdAt: 5 })]);
  });

  test('goes on after a session', async () => {
    const ids: string[] = [];
    let after: Awaited<ReturnType<typeof find>>['next'];
    do {
      const page = await find({ type: 'account', accountId: 3 }, 7, after);
      ids.push(...page.sessions.map(({ sessionId }) => sessionId));
      after = page.next;
    } while (after);
    expect(ids).toEqual(many(50, 3).map(({ sessionId }) => sessionId));
    expect(queries).toHaveLength(8);
  });

  test('reads strongly consistently, and exactly the attributes that its role may read', async () => {
    await find({ type: 'account', accountId: 1 });
    await find({ type: 'user', accountId: 1, userId: 7 });
    await find({ type: 'session', accountId: 1, sessionId: 'a' });
    expect(queries.map(({ IndexName }) => IndexName)).toEqual(['routes', 'routes', undefined]);
    for (const query of queries) {
      expect(query).toMatchObject({
        ConsistentRead: true,
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: 'accountId, sessionId, userId, queueUrl, expires, createdAt, #route',
        ExpressionAttributeNames: { '#route': 'route' },
      });
    }
  });

  test.each([
    ['throttling', 'ProvisionedThroughputExceededException', 400, 'Throttled'],
    ['a failure of DynamoDB', 'InternalServerError', 500, 'UpstreamUnavailable'],
    ['a refusal', 'AccessDeniedException', 400, 'UpstreamFailed'],
  ])('fails by name for %s', async (_, code, status, name) => {
    removals.push(
      emulator.interceptors.add('before', 'dynamodb:Query', () => {
        throw new AwsError(code, 'arn:aws:secret', status);
      }),
    );
    await expect(find({ type: 'account', accountId: 1 })).rejects.toMatchObject({ name });
  });
});
