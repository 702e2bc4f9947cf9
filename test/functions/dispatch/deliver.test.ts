import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { Throttled } from '../../../functions/aws/errors.ts';
import { deliver, nothingDelivered } from '../../../functions/dispatch/deliver.ts';
import { decodeRanges, type DeliveryResult } from '../../../functions/dispatch/dispatch.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { packBatches } from '../../../functions/dispatch/queue-sender.ts';
import type { Recipient } from '../../../functions/dispatch/session-index.ts';
import { createDeliveryTools, failing, gone, refused, start, unavailable } from '../../tools/delivery-tools.ts';
import { bytesOf } from '../../tools/delivery-tools.ts';
import { session } from '../../tools/indexed-sessions.ts';

const numberedSchema = z.object({ n: z.number() });

const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';

let under: ReturnType<typeof createDeliveryTools>;

beforeEach(() => {
  under = createDeliveryTools();
});

/** Messages 0 and up, each sent a millisecond before the last. */
const messages = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({
    messageId: `shard:${index}`,
    sentAt: start - 100 - index,
    accountId: 1,
    body: `{"accountId":1,"n":${index}}`,
  }));

const bodiesOf = (list: readonly Message[]): string[] => list.map((each) => ('body' in each ? each.body : ''));

/** The session `s-<queue>` whose queue has that name. */
const recipient = (queue: string, list: Recipient['messages'], createdAt = 0): Recipient => ({
  session: { ...session(1, `s-${queue}`, { createdAt }), queueUrl: queue.includes('/') ? queue : base + queue },
  messages: list,
  after: { query: 0 },
});

const listOf = (ranges: string): Recipient['messages'] => {
  const indices = decodeRanges(ranges);
  return { indices, ranges, sends: packBatches(indices, () => 100).length, payload: 0 };
};

/** Delivers messages to queues, by the ranges of the messages that they get. */
const deliverTo = async (all: readonly Message[], queues: Readonly<Record<string, string>>, createdAt?: number) => {
  const lists = new Map(Object.values(queues).map((ranges) => [ranges, listOf(ranges)]));
  const recipients = Object.entries(queues).map(([queue, ranges]) =>
    recipient(queue, lists.get(ranges) ?? listOf(ranges), createdAt),
  );
  return (await deliver(all, recipients, under.tools, { deadline: start + 15_000 })).result;
};

const whole = (sessions: number, delivered: number): DeliveryResult => ({
  sessions,
  delivered,
  gone: 0,
  base,
  undelivered: [],
});

describe('a delivery', () => {
  test('puts bodies, ids and times into the queues unchanged', async () => {
    const body = '{ "accountId":1, "n":12345678901234567890,"t":"é🙂\u007f" }';
    const message: Message = { messageId: 'shard:1', sentAt: 1_699_999_999_900, accountId: 1, body };
    expect(await deliverTo([message], { q1: '0', q2: '0' })).toEqual(whole(2, 2));
    const entry = { id: '0', body, messageId: 'shard:1', sentAt: 1_699_999_999_900 };
    expect(Object.fromEntries(under.sqs.queues)).toEqual({ q1: [entry], q2: [entry] });
  });

  test('takes one call for ten messages of a queue', async () => {
    const all = messages(31);
    await deliverTo(all, { ten: '0-9', all: '0-30' });
    expect([under.sqs.sizes('ten'), under.sqs.sizes('all')]).toEqual([[10], [10, 10, 10, 1]]);
    expect(under.sqs.bodies('all')).toEqual(bodiesOf(all));
  });

  test('takes no more bytes in a call than SQS allows', async () => {
    const all = messages(12).map((each, index): Message => ({ ...each, body: `"${index}${'x'.repeat(204_000)}"` }));
    expect(await deliverTo(all, { q: '0-11' })).toEqual(whole(1, 12));
    expect(under.sqs.sizes('q')).toEqual([5, 5, 2]);
    for (const { entries } of under.sqs.calls) {
      expect(entries.reduce((sum, entry) => sum + bytesOf(entry), 0)).toBeLessThanOrEqual(1_048_576);
    }
  });

  test('sends to 64 queues at once', async () => {
    under.sqs.holdUntilAtOnce = 64;
    const queues = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`q${index}`, '0']));
    expect(await deliverTo(messages(1), queues)).toEqual(whole(200, 200));
    expect(under.sqs.maxAtOnce).toBe(64);
  });

  test('has few large calls on their way at once', async () => {
    under.sqs.holdUntilAtOnce = 12;
    const large = messages(5).map((each): Message => ({ ...each, body: 'x'.repeat(204_000) }));
    const queues = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`q${index}`, '0-4']));
    expect(await deliverTo(large, queues)).toEqual(whole(40, 200));
    expect(under.sqs.maxAtOnce).toBe(12);
  });

  test('measures each message, its latency and each queue that is gone', async () => {
    under.sqs.onCall = (queue, _, entries) => (queue === 'gone' ? gone : failing(entries, '"n":1}', true));
    await deliverTo(messages(3), { gone: '0-2', q: '0-2' });
    expect(under.measures.counts).toEqual({ messagesDelivered: 2, queuesGone: 1 });
    expect(under.measures.latencies).toEqual([100, 102]);
  });
});

describe('an offloaded message', () => {
  const offloaded = (messageId: string): Message => ({
    messageId,
    sentAt: 1,
    accountId: 1,
    offloaded: true,
    bytes: 15,
  });

  test('is sent with its body', async () => {
    under.bodies.set('big', 'the large body');
    await deliverTo([offloaded('big')], { q1: '0', q2: '0' });
    expect([under.sqs.bodies('q1'), under.sqs.bodies('q2')]).toEqual([['the large body'], ['the large body']]);
  });

  test('is undelivered when its body is no longer kept, and the others are delivered', async () => {
    const [first, second] = messages(2) as [Message, Message];
    const result = await deliverTo([first, offloaded('lost'), second], { q: '0-2' });
    expect(under.sqs.bodies('q')).toEqual(bodiesOf([first, second]));
    expect(result).toEqual({
      ...whole(1, 2),
      undelivered: [{ messages: '1', sessions: [['q', 's-q']], reason: 'The body is no longer kept' }],
    });
  });

  test('fails the delivery to be retried when its body cannot be read', async () => {
    under.faults.read = new Throttled('s3:GetObject was throttled');
    await expect(deliverTo([offloaded('big')], { q: '0' })).rejects.toMatchObject({ name: 'Throttled' });
    expect(under.sqs.calls).toEqual([]);
  });
});

describe('a delivery that meets failures', () => {
  test('sends only the failed entries again, after a delay', async () => {
    under.sqs.onCall = (_, attempt, entries) => (attempt < 3 ? failing(entries, '"n":4') : undefined);
    expect(await deliverTo(messages(10), { q: '0-9' })).toEqual(whole(1, 10));
    expect(under.sqs.sizes('q')).toEqual([10, 1, 1]);
    expect(under.delays).toEqual([50, 100]);
  });

  test('settles a batch before it sends the next', async () => {
    under.sqs.onCall = (_, attempt, entries) => (attempt === 1 ? failing(entries, '"n":4') : undefined);
    await deliverTo(messages(25), { q: '0-24' });
    const numbers = under.sqs.bodies('q').map((body) => numberedSchema.parse(JSON.parse(body)).n);
    expect(numbers).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 4, ...Array.from({ length: 15 }, (_, index) => index + 10)]);
  });

  test('names what failed every time with everything after it, so that order is kept', async () => {
    under.sqs.onCall = (queue, attempt) => (queue === 'bad' && attempt > 1 ? unavailable : undefined);
    const reason = 'sqs:SendMessage did not answer: 503';
    expect(await deliverTo(messages(30), { bad: '0-29', good: '0-29' })).toEqual({
      ...whole(2, 40),
      undelivered: [{ messages: '10-29', sessions: [['bad', 's-bad']], reason }],
    });
    expect(under.sqs.sizes('bad')).toHaveLength(6);
    const messageIds = Array.from({ length: 20 }, (_, index) => `shard:${index + 10}`);
    expect(under.log.lines).toEqual([
      { level: 'warn', code: 'MESSAGES_UNDELIVERED', fields: { messageIds, sessions: 1, reason } },
    ]);
  });

  test('does not repeat what SQS refuses for good, and names its sessions together', async () => {
    under.sqs.onCall = () => refused('AccessDenied');
    const result = await deliverTo(messages(2), { q1: '0-1', q2: '0-1', 'https://other/1/q3': '0-1' });
    const sessions = [
      ['q1', 's-q1'],
      ['q2', 's-q2'],
      ['https://other/1/q3', 's-https://other/1/q3'],
    ];
    expect(result.undelivered).toEqual([
      { messages: '0-1', sessions: expect.arrayContaining(sessions), reason: 'AccessDenied' },
    ]);
    expect(under.sqs.calls).toHaveLength(3);
  });

  test('leaves out an entry that is at fault itself', async () => {
    const all = messages(12);
    under.sqs.onCall = (_, __, entries) => failing(entries, '"n":3}', true);
    expect(await deliverTo(all, { q: '0-11' })).toEqual({
      ...whole(1, 11),
      undelivered: [{ messages: '3', sessions: [['q', 's-q']], reason: 'Code' }],
    });
    expect(under.sqs.bodies('q')).toEqual(bodiesOf(all.filter((_, index) => index !== 3)));
    expect(under.delays).toEqual([]);
  });

  test('counts a queue that is gone, which is no error', async () => {
    under.sqs.onCall = (queue) => (queue === 'gone' ? gone : undefined);
    expect(await deliverTo(messages(25), { gone: '0-24', q: '0-24' })).toEqual({ ...whole(2, 25), gone: 1 });
    expect(under.sqs.sizes('gone')).toHaveLength(1);
  });

  test('counts a queue that vanishes between two batches', async () => {
    under.sqs.onCall = (_, attempt) => (attempt === 2 ? gone : undefined);
    expect(await deliverTo(messages(25), { q: '0-24' })).toEqual({ ...whole(1, 10), gone: 1 });
  });

  test('tries the queue of a session that is younger than a minute again', async () => {
    under.sqs.onCall = (_, attempt) => (attempt <= 3 ? gone : undefined);
    expect(await deliverTo(messages(1), { q: '0' }, start / 1000 - 59)).toEqual(whole(1, 1));
  });

  test('drops nothing for a session that is younger than a minute', async () => {
    under.sqs.onCall = () => gone;
    expect(await deliverTo(messages(1), { q: '0' }, start / 1000 - 59)).toMatchObject({
      gone: 0,
      undelivered: [{ messages: '0', sessions: [['q', 's-q']], reason: 'QueueDoesNotExist' }],
    });
    expect(await deliverTo(messages(1), { q: '0' }, start / 1000 - 61)).toMatchObject({ gone: 1, undelivered: [] });
  });

  test('accounts for every message and session whatever fails', async () => {
    const fault = fc.constantFrom('none', 'none', 'none', 'lost', 'denied', 'gone', 'entry', 'own fault');
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.integer({ min: 1, max: 35 }), async (faults, count) => {
        under = createDeliveryTools();
        const left = [...faults];
        under.sqs.onCall = (_, __, entries) => {
          const next = left.shift();
          if (next === 'lost') return unavailable;
          if (next === 'denied') return refused('AccessDenied');
          if (next === 'gone') return gone;
          return next === 'entry' || next === 'own fault'
            ? failing(entries.slice(0, 1), '', next === 'own fault')
            : undefined;
        };
        const ranges = count > 1 ? `0-${count - 1}` : '0';
        const result = await deliverTo(messages(count), { a: ranges, b: ranges, c: ranges });
        const accepted = ['a', 'b', 'c'].flatMap((queue) => under.sqs.bodies(queue));
        expect([result.delivered, result.sessions]).toEqual([accepted.length, 3]);
        const missing = result.undelivered.reduce(
          (sum, { messages: positions, sessions }) => sum + sessions.length * decodeRanges(positions).length,
          0,
        );
        if (result.gone === 0) expect(accepted.length + missing).toBe(3 * count);
      }),
      { numRuns: 60 },
    );
  });
});

test('a delivery of which nothing was delivered names every session with its messages', () => {
  const list = listOf('0-1');
  expect(
    nothingDelivered([recipient('a', list), recipient('b', list), recipient('c', listOf('1'))], 'States.Timeout'),
  ).toEqual({
    ...whole(3, 0),
    undelivered: [
      {
        messages: '0-1',
        sessions: [
          ['a', 's-a'],
          ['b', 's-b'],
        ],
        reason: 'States.Timeout',
      },
      { messages: '1', sessions: [['c', 's-c']], reason: 'States.Timeout' },
    ],
  });
});
