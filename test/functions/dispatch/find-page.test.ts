import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Audience } from '../../../functions/dispatch/recipients.ts';
import type { Cursor, Delivery } from '../../../functions/dispatch/dispatch.ts';
import { findPage } from '../../../functions/dispatch/find-page.ts';
import { deliveryLimit, deliverySends, pageDeliveries, pageLimit } from '../../../functions/dispatch/limits.ts';
import { jsonBytes, type Message } from '../../../functions/dispatch/message.ts';
import { decodeRanges } from '../../../functions/dispatch/ranges.ts';
import type { IndexedSession } from '../../../functions/dispatch/session-index.ts';
import { findIn, queueOf, session } from './sessions-by-query.ts';

const now = 1_700_000_000_000;

type Target = Pick<Message, 'accountId' | 'sessionId' | 'userId'>;

const message = (target: Target, index = 0): Message => ({
  messageId: `shard:${index}`,
  sentAt: now,
  body: JSON.stringify(target),
  ...target,
});

interface Walk {
  readonly pages: Delivery[][];
  /** Positions of messages by queue, once for each time the queue is in a delivery. */
  readonly received: Map<string, number[][]>;
  readonly asked: string[];
}

/** Goes through all pages as the machine does, each from the cursor of the one before. */
const walk = async (
  messages: readonly Message[],
  sessions: readonly IndexedSession[],
  clock = (): number => now,
): Promise<Walk> => {
  const pages: Delivery[][] = [];
  const received = new Map<string, number[][]>();
  const asked: string[] = [];
  let cursor: Cursor | undefined = { lookup: 0 };
  while (cursor) {
    const search = { audience: new Audience(messages), find: findIn(sessions, asked), now: clock, deadline: now + 1 };
    const found: Awaited<ReturnType<typeof findPage>> = await findPage(search, cursor);
    cursor = found.cursor;
    pages.push(found.page.deliveries());
  }
  for (const { groups } of pages.flat()) {
    for (const group of groups) {
      for (const [queue] of group.sessions) {
        received.set(queue, [...(received.get(queue) ?? []), decodeRanges(group.messages)]);
      }
    }
  }
  return { pages, received, asked };
};

/** What each session must receive, the obvious way. */
const expected = (messages: readonly Message[], sessions: readonly IndexedSession[]): Map<string, number[][]> => {
  const all = new Map<string, number[][]>();
  for (const each of sessions) {
    const mine = messages.flatMap((sent, index) =>
      sent.accountId === each.accountId &&
      (sent.sessionId === undefined || sent.sessionId === each.sessionId) &&
      (sent.userId === undefined || sent.userId === each.userId)
        ? index
        : [],
    );
    if (mine.length > 0 && each.expires * 1000 > now) all.set(queueOf(each.accountId, each.sessionId), [mine]);
  }
  return all;
};

describe('sessions of a dispatch', () => {
  const crowd = [
    session(1, 'a'),
    session(1, 'b', { userId: 7 }),
    session(1, 'c', { userId: 7 }),
    session(1, 'd', { userId: 77 }),
    session(2, 'a'),
  ];

  test.each<[string, Target, string[]]>([
    ['all of the account', { accountId: 1 }, ['1 a', '1 b', '1 c', '1 d']],
    ['one of another account', { accountId: 2 }, ['2 a']],
    ['none of an unknown account', { accountId: 3 }, []],
    ['those of the user and of no longer user id', { accountId: 1, userId: 7 }, ['1 b', '1 c']],
    ['the one named', { accountId: 1, sessionId: 'a' }, ['1 a']],
    ['the one named, which has a user', { accountId: 1, sessionId: 'd' }, ['1 d']],
    ['the one of this id and user', { accountId: 1, sessionId: 'b', userId: 7 }, ['1 b']],
    ['none of this id and another user', { accountId: 1, sessionId: 'b', userId: 77 }, []],
    ['none of this id and no user', { accountId: 1, sessionId: 'a', userId: 7 }, []],
  ])('are %s', async (_, target, found) => {
    const { received } = await walk([message(target)], crowd);
    expect([...received.keys()].sort()).toEqual(found.map((each) => queueOf(Number(each[0]), each.slice(2))).sort());
  });

  test('are asked for by name unless a message is for everyone', async () => {
    const named = [
      message({ accountId: 1, sessionId: 'a' }),
      message({ accountId: 1, userId: 7 }),
      message({ accountId: 1, userId: 7 }),
    ];
    expect((await walk(named, crowd)).asked).toEqual(['session', 'user']);
    expect((await walk([...named, message({ accountId: 1 })], crowd)).asked).toEqual(['account']);
  });

  test('are skipped when expired', async () => {
    const { received } = await walk(
      [message({ accountId: 1 })],
      [session(1, 'old', { expires: now / 1000 }), session(1, 'new', { expires: now / 1000 + 1 })],
    );
    expect([...received.keys()]).toEqual([queueOf(1, 'new')]);
  });

  test('get theirs once and in stream order, whatever the targets and pages', async () => {
    const target = fc.record(
      { accountId: fc.nat(2), sessionId: fc.constantFrom('a', 'b', 'c', 'u#1#', 's#'), userId: fc.nat(2) },
      { requiredKeys: ['accountId'] },
    );
    const someone = fc.record({
      accountId: fc.nat(2),
      sessionId: fc.constantFrom('a', 'b', 'c', 'd', 'u#1#', 's#'),
      userId: fc.option(fc.nat(2), { nil: undefined }),
      expired: fc.constantFrom(false, false, true),
    });
    const people = fc.uniqueArray(someone, {
      selector: (each) => `${each.accountId} ${each.sessionId}`,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(target, { minLength: 1, maxLength: 30 }), people, async (targets, list) => {
        const messages = targets.map(message);
        const sessions = list.map(({ accountId, sessionId, userId, expired }) =>
          session(accountId, sessionId, { userId, ...(expired && { expires: 1 }) }),
        );
        expect((await walk(messages, sessions)).received).toEqual(expected(messages, sessions));
      }),
      { numRuns: 300 },
    );
  });
});

describe('pages of sessions', () => {
  const many = (count: number, userId?: number): IndexedSession[] =>
    Array.from({ length: count }, (_, index) => session(1, `${index}`.padStart(36, 'session-'), { userId }));

  test.each([
    ['an account', { accountId: 1 }, undefined],
    ['a user', { accountId: 1, userId: 3 }, 3],
  ])('go through 3,000 sessions of %s, each once and below the limit', async (_, target, userId) => {
    const sessions = many(3000, userId);
    const { pages, received } = await walk([message(target)], sessions);
    expect(received).toEqual(expected([message(target)], sessions));
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.length).toBeLessThan(8);
    for (const page of pages) {
      expect(jsonBytes(page)).toBeLessThanOrEqual(pageLimit);
      for (const delivery of page) expect(jsonBytes(delivery)).toBeLessThanOrEqual(deliveryLimit);
    }
  });

  test('read little more than they hold', async () => {
    const { pages, asked } = await walk([message({ accountId: 1 })], many(3000));
    expect(asked.length).toBeLessThanOrEqual(2 * pages.length + 1);
  });

  test('keep to their limits with the longest ids and lists of messages', async () => {
    const sessions = Array.from({ length: 200 }, (_, index) => session(1, `${'\u0001'.repeat(250)}${index}`));
    const named = sessions.map(({ sessionId }) => message({ accountId: 1, sessionId }));
    const messages = [...named, ...named.map(() => message({ accountId: 1 }))].sort(() => 0);
    const { pages, received } = await walk(messages, sessions);
    expect(received).toEqual(expected(messages, sessions));
    for (const page of pages) {
      expect(jsonBytes(page)).toBeLessThanOrEqual(pageLimit);
      for (const delivery of page) expect(jsonBytes(delivery)).toBeLessThanOrEqual(deliveryLimit);
    }
  });

  test('hold a bounded number of deliveries with a bounded number of sends', async () => {
    const messages = Array.from({ length: 500 }, (_, index) => message({ accountId: 1 }, index));
    const { pages } = await walk(messages, many(500));
    for (const page of pages) {
      expect(page.length).toBeLessThanOrEqual(pageDeliveries);
      for (const { groups } of page) {
        expect(groups.reduce((sum, { sessions }) => sum + sessions.length, 0) * 50).toBeLessThanOrEqual(deliverySends);
      }
    }
  });

  test('divide deliveries of large messages by what is sent', async () => {
    const large: Message = { messageId: 'm', sentAt: now, accountId: 1, stored: true, bytes: 204_800 };
    const { pages } = await walk(Array<Message>(20).fill(large), many(100));
    expect(pages[0]?.map(({ groups }) => groups[0]?.sessions.length)).toEqual([12, 12, 12, 12, 12, 12, 12, 12, 4]);
  });

  test('give queues of another place by their whole URL', async () => {
    const other = { ...session(1, 'b'), queueUrl: 'http://localhost:4000/000000000000/q' };
    const { pages } = await walk([message({ accountId: 1 })], [session(1, 'a'), other]);
    expect(pages).toEqual([
      [
        {
          base: 'https://sqs.eu-west-1.amazonaws.com/123456789012/',
          groups: [
            {
              messages: '0',
              sessions: [
                [queueOf(1, 'a'), 'a'],
                [other.queueUrl, 'b'],
              ],
            },
          ],
        },
      ],
    ]);
  });

  test('end early when the time is up, and go on where they ended', async () => {
    const slow = (): number => now + 2;
    const sessions = [...many(100), ...Array.from({ length: 100 }, (_, index) => session(index + 2, 'x'))];
    const messages = Array.from({ length: 100 }, (_, index) => message({ accountId: index + 1 }));
    const { pages, received } = await walk(messages, sessions, slow);
    expect(received).toEqual(expected(messages, sessions));
    expect(pages.length).toBe(7);
  });
});
