import '../../fakes/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { messageLimit } from '../../../functions/dispatch/limits.ts';
import { jsonBytes } from '../../../functions/dispatch/message.ts';
import { handle } from '../../../functions/route-messages/handler.ts';
import { AwsFault, startAwsServer, type AwsServer } from '../../fakes/aws-server.ts';
import { DispatchTables } from '../../fakes/dispatch-tables.ts';
import { MeasuresFake } from '../../fakes/measures.ts';
import { session } from '../dispatch/sessions-by-query.ts';

const start = 1_700_000_000_000;
const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';

let server: AwsServer;
let tables: DispatchTables;
let measures: MeasuresFake;
let clock: number;

beforeEach(async () => {
  tables = new DispatchTables();
  measures = new MeasuresFake();
  clock = start;
  server = await startAwsServer(tables.actions);
});

afterEach(() => server.stop());

const route = (dispatch: unknown): ReturnType<ReturnType<typeof handle>> => {
  const run = handle(
    { dynamoDb: new DynamoDBClient(server.client), measures, now: () => clock, newId: () => 'new-id' },
    { sessionTableName: 'Sessions', messageTableName: 'Messages' },
  );
  return run({ dispatch });
};

const message = (target: object, index = 0) => ({
  messageId: `shard:${index}`,
  sentAt: start,
  body: '{}',
  accountId: 1,
  ...target,
});

/** Session ids by the ranges of the messages they get. */
const targets = ({ deliveries }: Awaited<ReturnType<typeof route>>): [string, string[]][] =>
  deliveries.flatMap(({ groups }) =>
    groups.map(({ messages, sessions }): [string, string[]] => [messages, sessions.map(([, id]) => id)]),
  );

describe('routing of messages', () => {
  test('finds the sessions of every kind of target, each once', async () => {
    tables.sessions.push(
      session(1, 'a'),
      session(1, 'b', { userId: 7 }),
      session(1, 'c', { userId: 77 }),
      session(2, 'a'),
      session(2, 'd'),
    );
    const messages = [
      message({ userId: 7 }),
      message({ sessionId: 'b' }, 1),
      message({ accountId: 2 }, 2),
      message({ sessionId: 'c' }, 3),
      message({ sessionId: 'gone' }, 4),
    ];
    expect(targets(await route({ messages }))).toEqual([
      ['0-1', ['b']],
      ['3', ['c']],
      ['2', ['a', 'd']],
    ]);
  });

  test('reads the routes index, and the table only for a session named by its id', async () => {
    await route({ messages: [message({ sessionId: 's' }), message({ userId: 7 }), message({ accountId: 2 })] });
    const reads = server.calls.map(({ parameters }) => [
      parameters['IndexName'],
      parameters['KeyConditionExpression'],
      parameters['ExpressionAttributeValues'],
    ]);
    expect(reads).toEqual([
      [
        undefined,
        'accountId = :accountId AND sessionId = :sessionId',
        { ':accountId': { N: '1' }, ':sessionId': { S: 's' } },
      ],
      [
        'routes',
        'accountId = :accountId AND begins_with(#route, :prefix)',
        { ':accountId': { N: '1' }, ':prefix': { S: 'u#7#' } },
      ],
      ['routes', 'accountId = :accountId', { ':accountId': { N: '2' } }],
    ]);
  });

  test('asks strongly consistently for exactly the attributes its role may read', async () => {
    await route({ messages: [message({ sessionId: 's' }), message({ userId: 7 }), message({ accountId: 2 })] });
    expect(server.calls).toHaveLength(3);
    for (const { parameters } of server.calls) {
      expect(parameters).toMatchObject({
        TableName: 'Sessions',
        ConsistentRead: true,
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: 'accountId, sessionId, userId, queueUrl, expires, #route',
        ExpressionAttributeNames: { '#route': 'route' },
      });
    }
  });

  test('goes through the pages of a table that ends them early', async () => {
    tables.pageLength = 7;
    tables.sessions.push(...Array.from({ length: 50 }, (_, index) => session(1, `s${index}`)));
    const routed = await route({ messages: [message({})] });
    expect(targets(routed)[0]?.[1]).toHaveLength(50);
    expect(routed.cursor).toBeUndefined();
  });

  test('answers a cursor when the page is full, and goes on at it', async () => {
    tables.sessions.push(...Array.from({ length: 2000 }, (_, index) => session(1, `${index}`.padStart(40, 's'))));
    const ids: string[] = [];
    let dispatch: unknown = { messages: [message({})] };
    let pages = 0;
    for (;;) {
      const routed = await route(dispatch);
      pages += 1;
      ids.push(...targets(routed).flatMap(([, sessions]) => sessions));
      expect(jsonBytes(routed)).toBeLessThan(100 * 1024);
      if (!routed.cursor) break;
      dispatch = {
        messages: routed.messages,
        cursor: routed.cursor,
        totals: routed.totals,
        deadline: routed.deadline,
        atDeadline: routed.atDeadline,
      };
    }
    expect(ids).toEqual(tables.sessions.map(({ sessionId }) => sessionId).sort());
    expect(pages).toBeGreaterThan(2);
  });

  test('keeps id, deadline and totals of a dispatch that is under way', async () => {
    const dispatch = {
      messages: [message({})],
      totals: { sessions: 5, delivered: 4 },
      deadline: start + 1,
      atDeadline: 'continue',
      next: 'route',
      answer: {},
    };
    expect(await route(dispatch)).toEqual({
      messages: dispatch.messages,
      totals: dispatch.totals,
      deadline: start + 1,
      atDeadline: 'continue',
      deliveries: [],
    });
  });

  test.each<[string, object, object]>([
    ['of the router ends with a cursor', {}, { deadline: start + 150_000, atDeadline: 'answer' }],
    [
      'that was continued is continued again',
      { continued: true },
      { deadline: start + 150_000, atDeadline: 'continue' },
    ],
    ['keeps its totals', { totals: { sessions: 1, delivered: 2 } }, { totals: { sessions: 1, delivered: 2 } }],
  ])('of a dispatch %s', async (_, input, progress) => {
    expect(await route({ messages: [message({})], ...input })).toMatchObject(progress);
  });

  test.each<[string, AwsFault, string]>([
    ['throttling', new AwsFault('ProvisionedThroughputExceededException'), 'Throttled'],
    ['a failure of DynamoDB', new AwsFault('InternalServerError', 500), 'UpstreamUnavailable'],
    ['a refusal', new AwsFault('AccessDeniedException'), 'UpstreamFailed'],
  ])('fails by name for %s', async (_, fault, name) => {
    tables.onCall = () => {
      throw fault;
    };
    await expect(route({ messages: [message({})] })).rejects.toMatchObject({ name });
    expect(measures.published).toBe(0);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'dispatch'],
    ['no messages', { messages: [] }, 'dispatch.messages'],
    ['a message without its account', { messages: [{ messageId: 'm', sentAt: 1, body: '{}' }] }, 'dispatch'],
    ['a notify call without an account', { notify: {} }, 'accountId'],
    ['a notify call with a broken body', { notify: { accountId: '1', body: '[' } }, 'body'],
  ])('refuses %s', async (_, input, field) => {
    await expect(route(input)).rejects.toMatchObject({ name: 'InvalidRequest', field });
  });
});

describe('a notify call', () => {
  test('becomes a message with an id and a time of its own', async () => {
    tables.sessions.push(session(12345, 's'));
    expect(await route({ notify: { accountId: '12345', query: [['msg', 'Hello World']] } })).toEqual({
      messages: [
        { accountId: 12345, body: '{"accountId":12345,"msg":"Hello World"}', messageId: 'new-id', sentAt: start },
      ],
      totals: { sessions: 0, delivered: 0 },
      deadline: start + 20_000,
      atDeadline: 'continue',
      deliveries: [
        { base, groups: [{ messages: '0', sessions: [[session(12345, 's').queueUrl.slice(base.length), 's']] }] },
      ],
    });
  });

  test('keeps a large body in the table, so that the machine stays below its limit', async () => {
    tables.sessions.push(session(1, 's'));
    const body = JSON.stringify({ text: '"'.repeat(60_000) });
    const routed = await route({ notify: { accountId: 1, body } });
    const kept = `{"accountId":1,${body.slice(1)}`;
    expect(routed.messages).toEqual([
      { accountId: 1, messageId: 'new-id', sentAt: start, stored: true, bytes: kept.length },
    ]);
    expect([...tables.bodies]).toEqual([['new-id', kept]]);
    const put = server.calls.find(({ action }) => action === 'PutItem');
    expect(put?.parameters).toMatchObject({
      TableName: 'Messages',
      Item: { ttl: { N: String(start / 1000 + 24 * 3600) } },
    });
  });

  test('is refused when it is too large', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(messageLimit) });
    await expect(route({ notify: { accountId: 1, body } })).rejects.toMatchObject({ name: 'MessageTooLarge' });
  });
});

describe('the measures of routing', () => {
  test('are a notify call, its sessions and its message, once', async () => {
    tables.sessions.push(session(1, 'a'), session(1, 'b'), session(1, 'old', { expires: 1 }));
    await route({ notify: { accountId: 1 } });
    expect(measures.counts).toEqual({ messagesReceived: 1, sessionsTargeted: 2, messagesRouted: 1 });
    expect(measures.published).toBe(1);
  });

  test('leave records to the router, and messages to the last page', async () => {
    tables.sessions.push(...Array.from({ length: 1500 }, (_, index) => session(1, `${index}`.padStart(40, 's'))));
    const first = await route({ messages: [message({}), message({}, 1)] });
    const found = first.deliveries.flatMap(({ groups }) => groups.flatMap(({ sessions }) => sessions)).length;
    expect(measures.counts).toEqual({ sessionsTargeted: found });
    let next = first;
    while (next.cursor) next = await route(next);
    expect(measures.counts).toEqual({ sessionsTargeted: 1500, messagesRouted: 2 });
  });
});
