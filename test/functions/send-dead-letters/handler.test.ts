import '../../fakes/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deliveryLimit } from '../../../functions/dispatch/limits.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { deadLetterSchema, type DeadLetter } from '../../../functions/dispatch/dead-letter.ts';
import { handle } from '../../../functions/send-dead-letters/handler.ts';
import { AwsFault, startAwsServer, type AwsServer } from '../../fakes/aws-server.ts';
import { DispatchTables } from '../../fakes/dispatch-tables.ts';
import { LogFake } from '../../fakes/log.ts';
import { MeasuresFake } from '../../fakes/measures.ts';
import { SqsFake } from '../../fakes/sqs.ts';

const now = 1_700_000_000_000;
const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';
const messages: Message[] = Array.from({ length: 3 }, (_, index) => ({
  messageId: `shard:${index}`,
  sentAt: now - 1000,
  accountId: 1,
  body: `{"accountId":1,"n":${index}}`,
}));
const delivery = {
  base,
  groups: [
    {
      messages: '0-2',
      sessions: [
        ['q1', 's1'],
        ['q2', 's2'],
      ],
    },
    { messages: '1', sessions: [['http://other:1/0/q3', 's3']] },
  ],
};

let server: AwsServer;
let sqs: SqsFake;
let tables: DispatchTables;
let measures: MeasuresFake;
let log: LogFake;

beforeEach(async () => {
  sqs = new SqsFake();
  tables = new DispatchTables();
  measures = new MeasuresFake();
  log = new LogFake();
  server = await startAwsServer({ ...sqs.actions, ...tables.actions });
});

afterEach(() => server.stop());

const park = (state: object): ReturnType<ReturnType<typeof handle>> => {
  const run = handle(
    {
      sqs: new SQSClient({ ...server.client, useQueueUrlAsEndpoint: false }),
      dynamoDb: new DynamoDBClient(server.client),
      measures,
      logger: log,
      now: () => now,
      delay: () => Promise.resolve(),
      random: () => 0,
    },
    { undeliveredQueueUrl: `${base}undelivered`, messageTableName: 'Messages' },
  );
  // As the machine hands it over: what is not there is absent.
  return run(JSON.parse(JSON.stringify({ state: { messages, delivery, ...state } })));
};

const deadLettered = (): DeadLetter[] =>
  sqs.bodies('undelivered').map((body) => deadLetterSchema.parse(JSON.parse(body)));
const target = (queueUrl: string, sessionId: string) => ({ accountId: 1, sessionId, queueUrl });

describe('parking', () => {
  test('keeps what a delivery left, with body, targets and reason', async () => {
    const result = {
      sessions: 3,
      delivered: 5,
      gone: 0,
      undelivered: [{ messages: '1-2', sessions: [['q2', 's2']], reason: 'OutOfTime' }],
    };
    expect(await park({ result })).toEqual({ sessions: 3, delivered: 5, gone: 0, deadLettered: 2, undelivered: [] });
    expect(deadLettered()).toEqual(
      [1, 2].map((n) => ({
        reason: 'OutOfTime',
        parkedAt: now,
        messageId: `shard:${n}`,
        sentAt: now - 1000,
        accountId: 1,
        body: `{"accountId":1,"n":${n}}`,
        targets: [target(`${base}q2`, 's2')],
      })),
    );
    expect(sqs.queues.get('undelivered')?.[0]?.attributes).toEqual({
      messageId: 'String shard:1',
      sentAt: `Number ${now - 1000}`,
    });
  });

  test('keeps all of a delivery that failed as a whole', async () => {
    expect(await park({ failure: { Error: 'States.Timeout', Cause: 'x' } })).toEqual({
      sessions: 3,
      delivered: 0,
      gone: 0,
      deadLettered: 7,
      undelivered: [],
    });
    const all = [target(`${base}q1`, 's1'), target(`${base}q2`, 's2')];
    expect(deadLettered().map(({ messageId, reason, targets }) => [messageId, reason, targets])).toEqual([
      ['shard:0', 'States.Timeout', all],
      ['shard:1', 'States.Timeout', [...all, target('http://other:1/0/q3', 's3')]],
      ['shard:2', 'States.Timeout', all],
    ]);
  });

  test('keeps the messages of a dispatch that failed, for whomever they name', async () => {
    const failure = { Error: 'UpstreamUnavailable', Cause: 'x' };
    expect(await park({ delivery: undefined, failure })).toEqual({
      sessions: 0,
      delivered: 0,
      gone: 0,
      deadLettered: 3,
      undelivered: [],
    });
    expect(deadLettered().map(({ messageId, reason, targets }) => [messageId, reason, targets])).toEqual(
      messages.map(({ messageId }) => [messageId, 'UpstreamUnavailable', []]),
    );
    expect(measures.counts).toEqual({ messagesParked: 3 });
  });

  test('keeps a message apart by reason', async () => {
    const undelivered = [
      { messages: '0', sessions: [['q1', 's1']], reason: 'A' },
      { messages: '0', sessions: [['q2', 's2']], reason: 'B' },
      { messages: '0-1', sessions: [['q3', 's3']], reason: 'A' },
    ];
    expect(await park({ result: { sessions: 3, delivered: 0, gone: 0, undelivered } })).toMatchObject({
      deadLettered: 4,
    });
    expect(
      deadLettered().map(({ messageId, reason, targets }) => [
        messageId,
        reason,
        targets.map(({ sessionId }) => sessionId),
      ]),
    ).toEqual([
      ['shard:0', 'A', ['s1', 's3']],
      ['shard:0', 'B', ['s2']],
      ['shard:1', 'A', ['s3']],
    ]);
  });

  test('fits the largest message with the most targets into one message of SQS', async () => {
    const sessionId = '\uFFFE'.repeat(255);
    const sessions = Array.from({ length: Math.floor(deliveryLimit / 780) }, (_, index) => [
      `queue-${index}`,
      sessionId,
    ]);
    const large = { messageId: 'm', sentAt: 1, accountId: 1, body: `"${'\\"'.repeat(102_399)}"` };
    const result = await park({ messages: [large], delivery: { base, groups: [{ messages: '0', sessions }] } });
    expect(result.deadLettered).toBe(sessions.length);
    expect(deadLettered()).toMatchObject([
      { body: large.body, targets: sessions.map(([queue]) => ({ queueUrl: `${base}${String(queue)}`, sessionId })) },
    ]);
    expect(sqs.bodies('undelivered')[0]).not.toContain('\uFFFE');
  });

  test('keeps the body of a stored message', async () => {
    tables.bodies.set('big', 'the stored body');
    const stored = { messageId: 'big', sentAt: 1, accountId: 1, stored: true, bytes: 15 };
    await park({ messages: [stored], delivery: { base, groups: [{ messages: '0', sessions: [['q', 's']] }] } });
    expect(deadLettered()).toMatchObject([{ messageId: 'big', body: 'the stored body' }]);
  });

  test('keeps what is known of a message whose body is lost', async () => {
    const lost = { messageId: 'lost', sentAt: 1, accountId: 1, stored: true, bytes: 15 };
    await park({ messages: [lost], delivery: { base, groups: [{ messages: '0', sessions: [['q', 's']] }] } });
    expect(deadLettered()).toEqual([
      {
        reason: 'Unknown',
        parkedAt: now,
        messageId: 'lost',
        sentAt: 1,
        accountId: 1,
        targets: [target(`${base}q`, 's')],
      },
    ]);
  });

  test('gets over failures of the undelivered queue', async () => {
    sqs.onBatch = (_, attempt) => {
      if (attempt === 1) throw new AwsFault('InternalFailure', 500);
    };
    sqs.onEntry = (_, body, attempt) =>
      attempt === 2 && body.includes('shard:1') ? { code: 'InternalError', senderFault: false } : undefined;
    expect(await park({})).toMatchObject({ deadLettered: 7 });
    expect(
      deadLettered()
        .map(({ messageId }) => messageId)
        .sort(),
    ).toEqual(['shard:0', 'shard:1', 'shard:2']);
  });

  test.each<[string, () => void]>([
    [
      'a queue that fails',
      () =>
        (sqs.onBatch = () => {
          throw new AwsFault('InternalFailure', 500);
        }),
    ],
    ['a queue that is not there', () => sqs.deleted.add('undelivered')],
    ['an entry that is refused', () => (sqs.onEntry = () => ({ code: 'InvalidMessageContents', senderFault: true }))],
  ])('fails to be retried for %s', async (_, breakQueue) => {
    breakQueue();
    await expect(park({})).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(measures.counts).toEqual({});
  });

  test('is counted once for each message and session, and logged without bodies', async () => {
    await park({ failure: { Error: 'States.Timeout' } });
    expect(measures.counts).toEqual({ messagesParked: 7 });
    expect(measures.published).toBe(1);
    expect(log.lines).toEqual([
      { level: 'warn', code: 'MESSAGES_PARKED', fields: { deadLettered: 7, reason: 'States.Timeout' } },
    ]);
  });

  test('refuses what is no delivery', async () => {
    await expect(park({ delivery: {} })).rejects.toMatchObject({
      name: 'InvalidRequest',
      field: 'state.delivery.base',
    });
  });
});
