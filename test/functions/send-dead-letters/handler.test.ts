import { beforeEach, describe, expect, test } from '@jest/globals';
import { Throttled, UpstreamFailed } from '../../../functions/aws/errors.ts';
import { deadLetterSchema, type DeadLetter } from '../../../functions/dispatch/dead-letters.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { handle } from '../../../functions/send-dead-letters/handler.ts';
import { createDeliveryTools, failing, gone, start, unavailable } from '../../tools/delivery-tools.ts';
import { session } from '../../tools/indexed-sessions.ts';

const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';
const messages: Message[] = Array.from({ length: 3 }, (_, index) => ({
  messageId: `shard:${index}`,
  sentAt: start - 1000,
  accountId: 1,
  ...(index === 1 && { sessionId: 's2' }),
  body: `{"accountId":1,"n":${index}}`,
}));
const delivery = { from: { query: 0 }, sessions: 2 };

let under: ReturnType<typeof createDeliveryTools>;

beforeEach(() => {
  under = createDeliveryTools();
  under.sessions.push(
    { ...session(1, 's1'), queueUrl: `${base}q1` },
    { ...session(1, 's2'), queueUrl: 'http://other:1/0/q2' },
    { ...session(1, 'old', { expires: 1 }), queueUrl: `${base}q3` },
  );
});

const run = (state: object) => {
  const handler = handle({ ...under.tools, undeliveredQueueUrl: `${base}undelivered` });
  // As the machine hands it over: what is not there is absent.
  return handler(JSON.parse(JSON.stringify({ state: { messages, delivery, ...state } })));
};

const deadLetters = (): DeadLetter[] =>
  under.sqs.bodies('undelivered').map((body) => deadLetterSchema.parse(JSON.parse(body)));

const target = (queueUrl: string, sessionId: string) => ({ accountId: 1, sessionId, queueUrl });
const first = target(`${base}q1`, 's1');
const second = target('http://other:1/0/q2', 's2');
const undelivered: readonly object[] = [];
const result = { sessions: 3, delivered: 5, gone: 0, base, undelivered };

describe('dead letters', () => {
  test('keep what a delivery left, with body, targets and reason', async () => {
    const undelivered = [{ messages: '1-2', sessions: [['q2', 's2']], reason: 'OutOfTime' }];
    expect(await run({ result: { ...result, undelivered } })).toEqual({ ...result, deadLettered: 2 });
    expect(deadLetters()).toEqual(
      [1, 2].map((n) => ({
        reason: 'OutOfTime',
        deadLetteredAt: start,
        messageId: `shard:${n}`,
        sentAt: start - 1000,
        accountId: 1,
        body: `{"accountId":1,"n":${n}}`,
        targets: [target(`${base}q2`, 's2')],
      })),
    );
    expect(under.sqs.queues.get('undelivered')?.[0]).toMatchObject({ messageId: 'shard:1', sentAt: start - 1000 });
  });

  test('keep what Route Messages left of what it sent by itself', async () => {
    const undelivered = [{ messages: '0', sessions: [['q1', 's1']], reason: 'AccessDenied' }];
    const known = { ...result, undelivered };
    expect(await run({ delivery: { result: known } })).toEqual({ ...result, deadLettered: 1 });
    expect(deadLetters()).toMatchObject([{ messageId: 'shard:0', reason: 'AccessDenied', targets: [first] }]);
  });

  test('keep all of a delivery that failed as a whole, for the recipients of its range', async () => {
    expect(await run({ failure: { Error: 'States.Timeout', Cause: 'x' } })).toEqual({
      sessions: 2,
      delivered: 0,
      gone: 0,
      base,
      deadLettered: 5,
      undelivered: [],
    });
    expect(deadLetters().map(({ messageId, reason, targets }) => [messageId, reason, targets])).toEqual([
      ['shard:0', 'States.Timeout', [first, second]],
      ['shard:1', 'States.Timeout', [second]],
      ['shard:2', 'States.Timeout', [first, second]],
    ]);
  });

  test('tell who was to get a delivery that failed before its recipients were read', async () => {
    const failure = { Error: 'States.Timeout', Cause: 'x' };
    const named = messages.map((message, index) => ({ ...message, sessionId: ['s1', 'gone', 's2'][index] }));
    const unread = { from: { query: 0 }, to: { query: 3 }, sessions: 3, unread: true };
    expect(await run({ messages: named, delivery: unread, failure })).toMatchObject({ sessions: 2, received: '0,2' });
    expect(deadLetters().map(({ messageId, targets }) => [messageId, targets])).toEqual([
      ['shard:0', [first]],
      ['shard:2', [second]],
    ]);
    expect(under.measures.counts).toEqual({ sessionsTargeted: 2, messagesDeadLettered: 2 });
  });

  test('keep the rest of a delivery that failed in it, besides what it left before', async () => {
    const failure = { Error: 'States.Timeout', Cause: 'x' };
    const undelivered = [{ messages: '0', sessions: [['q0', 's0']], reason: 'A' }];
    const rest = { from: { query: 0, after: { sessionId: 's1', route: 's#s1' } }, sessions: 1 };
    const sum = await run({ failure, result: { ...result, base: 'https://former/', undelivered, rest } });
    expect(sum).toMatchObject({ sessions: 4, delivered: 5, deadLettered: 4, undelivered: [] });
    expect(sum).not.toHaveProperty('rest');
    expect(deadLetters().map(({ messageId, reason, targets }) => [messageId, reason, targets])).toEqual([
      ['shard:0', 'A', [target('https://former/q0', 's0')]],
      ['shard:0', 'States.Timeout', [second]],
      ['shard:1', 'States.Timeout', [second]],
      ['shard:2', 'States.Timeout', [second]],
    ]);
  });

  test('keep the messages of a dispatch that failed, for all that they name', async () => {
    const failure = { Error: 'UpstreamUnavailable', Cause: 'x' };
    expect(await run({ delivery: undefined, failure })).toMatchObject({ sessions: 0, delivered: 0, deadLettered: 3 });
    expect(deadLetters().map(({ messageId, reason, targets }) => [messageId, reason, targets])).toEqual(
      messages.map(({ messageId }) => [messageId, 'UpstreamUnavailable', []]),
    );
    expect(under.measures.counts).toEqual({ messagesDeadLettered: 3 });
  });

  test('keep a message apart by reason', async () => {
    const undelivered = [
      { messages: '0', sessions: [['q1', 's1']], reason: 'A' },
      { messages: '0', sessions: [['q2', 's2']], reason: 'B' },
      { messages: '0-1', sessions: [['q3', 's3']], reason: 'A' },
    ];
    expect(await run({ result: { ...result, undelivered } })).toMatchObject({ deadLettered: 4 });
    const found = deadLetters().map(({ messageId, reason, targets }) => [
      messageId,
      reason,
      targets.map(({ sessionId }) => sessionId),
    ]);
    expect(found).toEqual([
      ['shard:0', 'A', ['s1', 's3']],
      ['shard:0', 'B', ['s2']],
      ['shard:1', 'A', ['s3']],
    ]);
  });

  test('fit the largest message with the most targets into one message of SQS', async () => {
    const sessionId = '\uFFFE'.repeat(255);
    const sessions = Array.from({ length: 80 }, (_, index) => [`queue-${index}`, sessionId]);
    const large = { messageId: 'm', sentAt: 1, accountId: 1, body: `"${'\\"'.repeat(102_399)}"` };
    const undelivered = [{ messages: '0', sessions, reason: 'A' }];
    expect(await run({ messages: [large], result: { ...result, undelivered } })).toMatchObject({ deadLettered: 80 });
    expect(deadLetters()).toMatchObject([
      { body: large.body, targets: sessions.map(([queue]) => ({ queueUrl: `${base}${String(queue)}`, sessionId })) },
    ]);
    expect(Buffer.byteLength(under.sqs.bodies('undelivered')[0] ?? '')).toBeLessThan(1_000_000);
    expect(under.sqs.bodies('undelivered')[0]).not.toContain('\uFFFE');
  });

  test('keep the body of an offloaded message', async () => {
    under.bodies.set('big', 'the large body');
    await run({ messages: [{ messageId: 'big', sentAt: 1, accountId: 1, offloaded: true, bytes: 15 }] });
    expect(deadLetters()).toMatchObject([{ messageId: 'big', body: 'the large body' }]);
  });

  test('keep what is known of a message whose body is lost', async () => {
    await run({ messages: [{ messageId: 'lost', sentAt: 1, accountId: 1, offloaded: true, bytes: 15 }] });
    const targets = [first, second];
    expect(deadLetters()).toEqual([
      {
        ...{ reason: 'Unknown', deadLetteredAt: start, messageId: 'lost', sentAt: 1, accountId: 1, targets },
        bodyKey: 'messages/lost',
      },
    ]);
  });

  test('have a body in the bucket with which they are too large for SQS', async () => {
    const body = `"${'\\"'.repeat(300_000)}"`;
    await run({ messages: [{ messageId: 'big', sentAt: 1, accountId: 1, body }] });
    const [found] = deadLetters();
    expect(found).toMatchObject({ messageId: 'big', bodyKey: 'dead-letters/big', targets: [first, second] });
    expect(found).not.toHaveProperty('body');
    expect([...under.deadLetters]).toEqual([['big', body]]);
  });

  describe('of a body that cannot be read', () => {
    const messages = [{ messageId: 'big', sentAt: 1, accountId: 1, offloaded: true, bytes: 15 }];
    beforeEach(() => {
      under.faults.read = new UpstreamFailed('s3:GetObject was refused: AccessDenied');
    });

    test('are left to the sender, who waits and has it', async () => {
      await expect(run({ messages })).rejects.toMatchObject({ name: 'UpstreamFailed' });
      expect(deadLetters()).toEqual([]);
    });

    test('say where it is when nobody waits', async () => {
      await run({ messages, delivery: undefined, failure: { Error: 'UpstreamFailed', Cause: 'x' } });
      expect(deadLetters()).toMatchObject([{ reason: 'UpstreamFailed', bodyKey: 'messages/big', targets: [] }]);
    });

    test('are sent by a retry when the store of dead letters refused it', async () => {
      under.faults.put = new Throttled('s3:PutObject was throttled');
      const body = `"${'\\"'.repeat(300_000)}"`;
      await expect(run({ messages: [{ messageId: 'big', sentAt: 1, accountId: 1, body }] })).rejects.toMatchObject({
        name: 'Throttled',
      });
      expect(deadLetters()).toEqual([]);
    });
  });
});

describe('sending dead letters', () => {
  test('gets over failures of the undelivered queue', async () => {
    under.sqs.onCall = (_, attempt, entries) =>
      attempt === 1 ? unavailable : attempt === 2 ? failing(entries, 'shard:1') : undefined;
    expect(await run({})).toMatchObject({ deadLettered: 5 });
    expect(
      deadLetters()
        .map(({ messageId }) => messageId)
        .sort(),
    ).toEqual(['shard:0', 'shard:1', 'shard:2']);
  });

  test.each<[string, () => void]>([
    ['a queue that fails', () => (under.sqs.onCall = () => unavailable)],
    ['a queue that is not there', () => (under.sqs.onCall = () => gone)],
    ['an entry that is refused', () => (under.sqs.onCall = (_, __, entries) => failing(entries, '', true))],
  ])('fails to be retried for %s', async (_, breakQueue) => {
    breakQueue();
    await expect(run({})).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(under.measures.counts).toEqual({});
  });

  test('fails to be retried when the recipients cannot be read', async () => {
    under.faults.find = () => {
      throw new Throttled('dynamodb:Query was throttled');
    };
    await expect(run({})).rejects.toMatchObject({ name: 'Throttled' });
  });

  test('is counted once for each message and session, and logged with ids and without bodies', async () => {
    await run({ failure: { Error: 'States.Timeout' } });
    expect(under.measures.counts).toEqual({ messagesDeadLettered: 5 });
    expect(under.measures.published).toBe(1);
    const fields = { deadLettered: 5, reason: 'States.Timeout', messageIds: ['shard:0', 'shard:1', 'shard:2'] };
    expect(under.log.lines).toEqual([{ level: 'warn', code: 'MESSAGES_DEAD_LETTERED', fields }]);
  });

  test('refuses what is not a delivery', async () => {
    await expect(run({ delivery: {} })).rejects.toMatchObject({ name: 'InvalidRequest', field: 'state.delivery' });
  });
});
