import { beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { Throttled } from '../../../functions/aws/errors.ts';
import { maxMessageBytes } from '../../../client/shared/parameters.ts';
import { jsonBytes } from '../../../functions/dispatch/message.ts';
import { handle } from '../../../functions/route-messages/handler.ts';
import { createDeliveryTools, gone, refused, start } from '../../tools/delivery-tools.ts';
import { many, queueOf, session } from '../../tools/indexed-sessions.ts';
import { randomText } from '../../tools/random-text.ts';

const numberedSchema = z.object({ n: z.number() });

const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';

let under: ReturnType<typeof createDeliveryTools>;

beforeEach(() => {
  under = createDeliveryTools();
});

const route = (dispatch: unknown) => handle(under.tools)({ dispatch, execution: 'execution' });

const message = (target: object = {}, index = 0) => ({
  messageId: `shard:${index}`,
  sentAt: start,
  body: `{"n":${index}}`,
  accountId: 1,
  ...target,
});

/** The numbers of the messages that a session's queue got. */
const received = (accountId: number, sessionId: string): number[] =>
  under.sqs.bodies(queueOf(accountId, sessionId)).map((body) => numberedSchema.parse(JSON.parse(body)).n);

describe('a dispatch to few', () => {
  test('is delivered at once to the sessions of every kind of target, each once and in order', async () => {
    under.sessions.push(
      session(1, 'a'),
      session(1, 'b', { userId: 7 }),
      session(1, 'c', { userId: 77 }),
      session(1, 'old', { userId: 7, expires: 1 }),
      session(2, 'a'),
      session(2, 'd'),
    );
    const messages = [
      message({ userId: 7 }),
      message({ sessionId: 'b' }, 1),
      message({ accountId: 2 }, 2),
      message({ sessionId: 'c' }, 3),
      message({ sessionId: 'nobody' }, 4),
    ];
    expect(await route({ messages })).toEqual({ answer: { sessions: 4, delivered: 5 } });
    const queues = ['1 a', '1 b', '1 c', '2 a', '2 d'].map((each) => received(Number(each[0]), each.slice(2)));
    expect(queues).toEqual([[], [0, 1], [3], [2], [2]]);
    expect(under.sqs.calls).toHaveLength(4);
  });

  test('is logged in one line, with the messages that were for nobody', async () => {
    under.sessions.push(session(1, 'a'));
    await route({ messages: [message({ sessionId: 'a' }), message({ sessionId: 'nobody' }, 1)] });
    const messageIds = ['shard:0', 'shard:1'];
    const fields = { messageIds, sessions: 1, delivered: 1, deadLettered: 0, nobody: ['shard:1'] };
    expect(under.log.lines).toEqual([{ level: 'info', code: 'MESSAGES_DISPATCHED', fields }]);
  });

  test('answers what it has done before, too', async () => {
    under.sessions.push(session(1, 'a'));
    const totals = { sessions: 5, delivered: 4, deadLettered: 1, received: '0' };
    expect(await route({ messages: [message()], totals, cursor: { query: 0 } })).toMatchObject({
      answer: { messageId: 'shard:0', sessions: 6, delivered: 5 },
    });
  });

  test('leaves to the machine what could not be delivered', async () => {
    under.sessions.push(session(1, 'a'), session(1, 'b'), session(1, 'c'));
    under.sqs.onCall = (queue) =>
      queue === queueOf(1, 'b') ? refused('AccessDenied') : queue === queueOf(1, 'c') ? gone : undefined;
    const routed = await route({ messages: [message()] });
    expect(routed).not.toHaveProperty('answer');
    expect(routed).toMatchObject({
      totals: { sessions: 0, delivered: 0, received: '0' },
      deliveries: [
        {
          result: {
            sessions: 3,
            delivered: 1,
            gone: 1,
            base,
            undelivered: [{ messages: '0', sessions: [[queueOf(1, 'b'), 'b']], reason: 'AccessDenied' }],
          },
        },
      ],
    });
    expect(under.log.lines.map(({ code }) => code)).toEqual(['MESSAGES_UNDELIVERED']);
  });

  test('is measured once', async () => {
    under.sessions.push(session(1, 'a'), session(1, 'b'), session(1, 'old', { expires: 1 }));
    await route({ messages: [message(), message({}, 1)] });
    expect(under.measures.counts).toEqual({ sessionsTargeted: 2, messagesRouted: 2, messagesDelivered: 4 });
    expect(under.measures.published).toBe(1);
  });
});

describe('a dispatch to many', () => {
  test('is planned as deliveries that read their recipients, and sends nothing', async () => {
    under.sessions.push(...many(1000));
    const routed = await route({ messages: [message()] });
    if (!('deliveries' in routed)) throw new Error('deliveries are expected');
    expect(routed.deliveries).toHaveLength(40);
    expect(routed).not.toHaveProperty('answer');
    expect(under.sqs.calls).toEqual([]);
    expect(under.measures.counts).toEqual({ sessionsTargeted: 1000, messagesRouted: 1 });
  });

  test('goes on at the cursor when the plan is full or the time is up', async () => {
    under.sessions.push(...many(30), ...Array.from({ length: 99 }, (_, index) => session(index + 2, 'x')));
    const messages = Array.from({ length: 100 }, (_, index) => message({ accountId: index + 1 }));
    let now = start;
    const slow = { ...under.tools, now: () => (now += 5_000) };
    let dispatch: object = { messages };
    let plans = 0;
    for (let done = false; !done; plans += 1) {
      const routed = await handle(slow)({ dispatch, execution: 'execution' });
      done = !('cursor' in routed);
      dispatch = routed;
    }
    expect(plans).toBeGreaterThan(2);
    expect(under.measures.counts).toMatchObject({ sessionsTargeted: 129, messagesRouted: 100 });
    expect(dispatch).toMatchObject({ totals: { received: '0-99' }, deadline: expect.any(Number) });
  });

  test('has a state that does not grow with the sessions', async () => {
    under.sessions.push(...many(5000));
    expect(jsonBytes(await route({ messages: [message()] }))).toBeLessThan(20_000);
  });
});

describe('a dispatch to many that are named', () => {
  const named = (count: number): object[] =>
    many(count).map(({ sessionId }, index) => message({ sessionId, ...(index % 2 && { userId: 7 }) }, index));

  test('is planned as deliveries that find out who is there, and reads nothing', async () => {
    const routed = await route({ messages: named(60) });
    expect(routed).toMatchObject({
      totals: { sessions: 0, received: '' },
      deliveries: [
        { from: { query: 0 }, to: { query: 25 }, sessions: 25, unread: true },
        { from: { query: 25 }, to: { query: 50 }, sessions: 25, unread: true },
        { from: { query: 50 }, to: { query: 60 }, sessions: 10, unread: true },
      ],
    });
    expect(routed).not.toHaveProperty('cursor');
    expect(under.asked).toEqual([]);
    expect(under.measures.counts).toEqual({ messagesRouted: 60 });
  });

  test('is read first when one function is enough for it', async () => {
    under.sessions.push(...many(25));
    expect(await route({ messages: named(25) })).toEqual({ answer: { sessions: 13, delivered: 13 } });
  });

  test('is read first when others may get messages too', async () => {
    under.sessions.push(...many(60), session(2, 'x', { userId: 7 }));
    const messages = [...named(60), message({ accountId: 2, userId: 7 }, 60)];
    const routed = await route({ messages });
    const received = messages.flatMap((_, index) => (index % 2 ? [] : [index])).join(',');
    expect(routed).toMatchObject({ totals: { received }, deliveries: expect.any(Array) });
    expect(JSON.stringify(routed)).not.toContain('unread');
    expect(under.measures.counts).toMatchObject({ sessionsTargeted: 31 });
  });

  test('goes on at the cursor when the plan is full', async () => {
    const messages = Array.from({ length: 11_000 }, (_, index) => {
      const { body, ...envelope } = message({ sessionId: `s${index}` }, index);
      return { ...envelope, offloaded: true, bytes: 1_000_000 + body.length };
    });
    const routed = await route({ messages });
    if (!('cursor' in routed)) throw new Error('a cursor is expected');
    expect(routed.cursor).toEqual(routed.deliveries.map((each) => 'to' in each && each.to).at(-1));
    expect(under.asked).toEqual([]);
  });
});

describe('the beginning of a dispatch', () => {
  test.each<[string, object, object]>([
    ['of the router ends with a remainder', {}, { deadline: start + 150_000, atDeadline: 'answer' }],
    ['of a publish call goes on by itself', { answerBy: start + 7 }, { deadline: start + 7, atDeadline: 'continue' }],
    [
      'that was continued is continued again',
      { continued: true },
      { deadline: start + 150_000, atDeadline: 'continue' },
    ],
    [
      'that is under way keeps its deadline',
      {
        totals: { sessions: 0, delivered: 0, deadLettered: 0, received: '' },
        deadline: start + 1,
        atDeadline: 'continue',
      },
      { deadline: start + 1, atDeadline: 'continue' },
    ],
  ])('%s', async (_, input, progress) => {
    under.sessions.push(...many(30));
    expect(await route({ messages: [message()], ...input })).toMatchObject(progress);
  });

  test('fails by name when sessions cannot be read', async () => {
    under.faults.find = () => {
      throw new Throttled('dynamodb:Query was throttled');
    };
    await expect(route({ messages: [message()] })).rejects.toMatchObject({ name: 'Throttled' });
    expect(under.measures.published).toBe(0);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'dispatch'],
    ['no messages', { messages: [] }, 'dispatch.messages'],
    ['a message without its account', { messages: [{ messageId: 'm', sentAt: 1, body: '{}' }] }, 'dispatch'],
    ['a notify call without an account', { notify: {} }, 'accountId'],
    ['a notify call with a broken body', { notify: { accountId: '1', body: '[' } }, 'body'],
  ])('is refused with %s', async (_, input, field) => {
    await expect(route(input)).rejects.toMatchObject({ name: 'InvalidRequest', field });
  });
});

describe('a notify call', () => {
  test("becomes a message with the execution's name as its id", async () => {
    under.sessions.push(session(12345, 's'));
    const body = '{"accountId":12345,"msg":"Hello World"}';
    expect(await route({ notify: { accountId: '12345', query: [['msg', 'Hello World']] } })).toEqual({
      answer: { messageId: 'execution', sessions: 1, delivered: 1 },
    });
    expect(under.sqs.bodies(queueOf(12345, 's'))).toEqual([body]);
    expect(under.measures.counts).toMatchObject({ messagesReceived: 1 });
  });

  test('has the same id when the machine tries it again', async () => {
    under.sessions.push(session(1, 's'));
    await route({ notify: { accountId: '1' } });
    await route({ notify: { accountId: '1' } });
    const entries = under.sqs.queues.get(queueOf(1, 's')) ?? [];
    expect(entries.map(({ messageId }) => messageId)).toEqual(['execution', 'execution']);
  });

  const large = JSON.stringify({ text: randomText(120_000) });
  const sent = `{"accountId":1,${large.slice(1)}`;

  test('has a large body kept nowhere when it is delivered at once', async () => {
    under.sessions.push(session(1, 's'));
    expect(await route({ notify: { accountId: 1, body: large } })).toEqual({
      answer: { messageId: 'execution', sessions: 1, delivered: 1 },
    });
    expect([...under.bodies]).toEqual([]);
    expect(under.sqs.bodies(queueOf(1, 's'))).toEqual([sent]);
  });

  test('has a large body offloaded for many, so that the machine stays below its limit', async () => {
    under.sessions.push(...many(30));
    const routed = await route({ notify: { accountId: 1, body: large } });
    const messages = [{ accountId: 1, messageId: 'execution', sentAt: start, offloaded: true, bytes: sent.length }];
    expect(routed).toMatchObject({ messages, deliveries: expect.any(Array) });
    expect([...under.bodies]).toEqual([['execution', sent]]);
  });

  test('has a large body offloaded when it is not delivered', async () => {
    under.sessions.push(session(1, 's'));
    under.sqs.onCall = () => refused('AccessDenied');
    const routed = await route({ notify: { accountId: 1, body: large } });
    expect(routed).toMatchObject({ messages: [{ offloaded: true }], deliveries: [{ result: { delivered: 0 } }] });
    expect([...under.bodies]).toEqual([['execution', sent]]);
  });

  test('has a body compressed where that is enough', async () => {
    under.sessions.push(...many(30));
    const body = JSON.stringify({ text: 'x'.repeat(200_000) });
    expect(await route({ notify: { accountId: 1, body } })).toMatchObject({
      messages: [{ messageId: 'execution', compressed: expect.any(String), bytes: body.length + 14 }],
    });
    expect([...under.bodies]).toEqual([]);
  });

  test('is refused when it is too large', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(maxMessageBytes) });
    await expect(route({ notify: { accountId: 1, body } })).rejects.toMatchObject({ name: 'MessageTooLarge' });
  });
});
