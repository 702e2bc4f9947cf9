import { describe, expect, test } from '@jest/globals';
import {
  DeliveryPlan,
  maxDeliveryBytes,
  maxPlanBytes,
  maxPlanDeliveries,
} from '../../../functions/dispatch/delivery-plan.ts';
import { nothingDelivered } from '../../../functions/dispatch/deliver.ts';
import type { Cursor, Range } from '../../../functions/dispatch/dispatch.ts';
import { jsonBytes, type Message } from '../../../functions/dispatch/message.ts';
import { Recipients } from '../../../functions/dispatch/recipients.ts';
import { readRange, readRecipients, type IndexedSession } from '../../../functions/dispatch/session-index.ts';
import { findIn, many, session } from '../../tools/indexed-sessions.ts';

const now = 1_700_000_000_000;

const message = (index = 0, target: { sessionId?: string; userId?: number } = {}): Message => ({
  messageId: `shard:${index}`,
  sentAt: now,
  accountId: 1,
  body: '{}',
  ...target,
});

const readerOf = (messages: readonly Message[], sessions: readonly IndexedSession[]) => ({
  recipients: new Recipients(messages),
  find: findIn(sessions, [], 4000),
  now: () => now,
});

/** Fills a plan as Route Messages does; returns where the next one begins, unless all recipients are in it. */
const fill = async (
  current: DeliveryPlan,
  from: Cursor,
  reader: ReturnType<typeof readerOf>,
): Promise<Cursor | undefined> => {
  for await (const { recipients } of readRecipients(reader, { from })) {
    for (const recipient of recipients) {
      current.add(recipient);
      if (current.isFull()) return recipient.after;
    }
  }
  return undefined;
};

/** Makes plans until all recipients are in one. */
const plan = async (messages: readonly Message[], sessions: readonly IndexedSession[]): Promise<Range[][]> => {
  const plans: Range[][] = [];
  for (let from: Cursor | undefined = { query: 0 }; from;) {
    const current: DeliveryPlan = new DeliveryPlan();
    const next = await fill(current, from, readerOf(messages, sessions));
    if (current.found > 0) plans.push(current.deliveries(from));
    from = next;
  }
  return plans;
};

/** The sessions of each delivery. */
const sessionsOf = (messages: readonly Message[], sessions: readonly IndexedSession[], ranges: readonly Range[]) =>
  Promise.all(ranges.map((range) => readRange(readerOf(messages, sessions), range)));

describe('the deliveries of a plan', () => {
  test.each([
    [26, 2, 25],
    [1000, 40, 25],
    [1700, 43, 40],
    [4000, 40, 100],
  ])('to %i sessions are %i of about %i each', async (count, deliveries, each) => {
    const sessions = many(count);
    const [ranges = [], ...more] = await plan([message()], sessions);
    expect([ranges.length, more]).toEqual([deliveries, []]);
    expect(Math.max(...ranges.map((range) => range.sessions))).toBe(each);
    const found = (await sessionsOf([message()], sessions, ranges)).map((all) =>
      all.map((one) => one.session.sessionId),
    );
    expect(found.map(({ length }) => length)).toEqual(ranges.map((range) => range.sessions));
    expect(found.flat()).toEqual(sessions.map(({ sessionId }) => sessionId));
  });

  test('are in further plans when they are too many for one', async () => {
    const messages = Array.from({ length: 400 }, (_, index) => message(index));
    const sessions = many(4000);
    const plans = await plan(messages, sessions);
    expect(plans.length).toBeGreaterThan(1);
    for (const ranges of plans) {
      expect(ranges.length).toBeLessThanOrEqual(maxPlanDeliveries * 1.1);
      expect(jsonBytes(ranges)).toBeLessThanOrEqual(maxPlanBytes);
      for (const { sessions: count } of ranges) expect(count * 40).toBeLessThanOrEqual(500);
    }
    expect(plans.flat().reduce((sum, { sessions: count }) => sum + count, 0)).toBe(4000);
  });

  test('fit a state with the longest ids and lists of messages', async () => {
    const sessions = Array.from({ length: 300 }, (_, index) => session(1, `${'\u0001'.repeat(250)}${index}`));
    const named = sessions.map(({ sessionId }, index) => message(2 * index, { sessionId }));
    const messages = named.flatMap((each, index) => [each, message(2 * index + 1)]);
    const plans = await plan(messages, sessions);
    for (const ranges of plans) expect(jsonBytes(ranges)).toBeLessThanOrEqual(maxPlanBytes * 1.1);
    for (const recipients of await sessionsOf(messages, sessions, plans.flat())) {
      expect(jsonBytes(nothingDelivered(recipients, 'reason'))).toBeLessThanOrEqual(maxDeliveryBytes + 1000);
    }
  });

  test('are divided by what is sent when messages are large', async () => {
    const large: Message = { messageId: 'm', sentAt: now, accountId: 1, offloaded: true, bytes: 1_000_000 };
    const sessions = many(200);
    const [ranges = []] = await plan(Array<Message>(10).fill(large), sessions);
    for (const range of ranges) expect(range.sessions).toBeLessThanOrEqual(5);
  });
});

describe('a plan', () => {
  const add = (to: DeliveryPlan, messages: readonly Message[], sessions: readonly IndexedSession[]): void => {
    const recipients = new Recipients(messages);
    for (const each of sessions) {
      const list = recipients.messagesFor(each);
      if (list) to.add({ session: each, messages: list, after: { query: 0, after: each } });
    }
  };

  test('is for few while one function sends it as fast as several', () => {
    const current = new DeliveryPlan();
    add(current, [message()], many(25));
    expect([current.isForFew(), current.few().length, current.found]).toEqual([true, 25, 25]);
    add(current, [message()], [session(1, 'one more')]);
    expect([current.isForFew(), current.few().length, current.found]).toEqual([false, 0, 26]);
  });

  test('is not for few when they get much', () => {
    const large: Message = { messageId: 'm', sentAt: now, accountId: 1, offloaded: true, bytes: 1_000_000 };
    const current = new DeliveryPlan();
    add(current, [large], many(5));
    expect(current.isForFew()).toBe(false);
  });

  test('knows which messages have a recipient', () => {
    const current = new DeliveryPlan();
    add(current, [message(0), message(1, { sessionId: 'nobody' }), message(2, { userId: 5 })], many(3));
    expect([...current.received()]).toEqual([0]);
  });
});
