import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor } from '../../../functions/dispatch/dispatch.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { Recipients } from '../../../functions/dispatch/recipients.ts';
import { readRange, readRecipients, type IndexedSession } from '../../../functions/dispatch/session-index.ts';
import { findIn, many, queueOf, session } from '../../tools/indexed-sessions.ts';

const now = 1_700_000_000_000;

type Target = Pick<Message, 'accountId' | 'sessionId' | 'userId'>;

const message = (target: Target, index = 0): Message => ({
  messageId: `shard:${index}`,
  sentAt: now,
  body: JSON.stringify(target),
  ...target,
});

interface Walk {
  /** Positions of messages by queue, once for each time the queue is found. */
  readonly received: Map<string, number[][]>;
  readonly asked: string[];
  /** The places after each recipient, and those at which reads begin. */
  readonly places: Cursor[];
}

/** Reads all recipients. */
const walk = async (
  messages: readonly Message[],
  sessions: readonly IndexedSession[],
  pageLength = Infinity,
): Promise<Walk> => {
  const received = new Map<string, number[][]>();
  const asked: string[] = [];
  const places: Cursor[] = [];
  const reader = {
    recipients: new Recipients(messages),
    find: findIn(sessions, asked, pageLength),
    now: () => now,
  };
  for await (const { recipients, next } of readRecipients(reader, { from: { query: 0 } })) {
    for (const recipient of recipients) {
      const queue = queueOf(recipient.session.accountId, recipient.session.sessionId);
      received.set(queue, [...(received.get(queue) ?? []), [...recipient.messages.indices]]);
      places.push(recipient.after);
    }
    if (next) places.push(next);
  }
  return { received, asked, places };
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

describe('recipients of a dispatch', () => {
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
        expect((await walk(messages, sessions, 4)).received).toEqual(expected(messages, sessions));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a range of recipients', () => {
  /** Cuts the recipients at these places, and reads each range by itself. */
  const readRanges = async (
    messages: readonly Message[],
    sessions: readonly IndexedSession[],
    cuts: readonly Cursor[],
    asked: string[] = [],
  ): Promise<string[]> => {
    const reader = { recipients: new Recipients(messages), find: findIn(sessions, asked, 5), now: () => now };
    const ids: string[] = [];
    for (const [index, from] of [{ query: 0 }, ...cuts].entries()) {
      const to = cuts[index];
      const found = await readRange(reader, { from, ...(to && { to }), sessions: 3 });
      ids.push(...found.map(({ session: { accountId, sessionId } }) => `${accountId} ${sessionId}`));
    }
    return ids;
  };

  test('has no recipient of another, and together they have all', async () => {
    const target = fc.record(
      { accountId: fc.nat(2), sessionId: fc.constantFrom('a', 'b', 'é', '\u{1F642}', '\uFFFD'), userId: fc.nat(2) },
      { requiredKeys: ['accountId'] },
    );
    const cut = fc.array(fc.nat(100), { maxLength: 5 });
    const sessions = ['a', 'b', 'c', 'é', '\u{1F642}', '\uFFFD'].flatMap((sessionId, index) =>
      [0, 1, 2].map((accountId) => session(accountId, sessionId, { userId: index % 2 ? 1 : undefined })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(target, { minLength: 1, maxLength: 10 }), cut, async (targets, at) => {
        const messages = targets.map(message);
        const { places } = await walk(messages, sessions, 4);
        const cuts = [...new Set(at.map((each) => each % Math.max(1, places.length)))]
          .sort((a, b) => a - b)
          .flatMap((index) => places[index] ?? []);
        const whole = await readRanges(messages, sessions, []);
        expect(await readRanges(messages, sessions, cuts)).toEqual(whole);
        expect(whole).toHaveLength(new Set(whole).size);
      }),
      { numRuns: 200 },
    );
  });

  test('is read with the sessions that were added to it meanwhile', async () => {
    const sessions = many(30);
    const { places } = await walk([message({ accountId: 1 })], sessions);
    const cuts = [places[9], places[19]].filter((place) => place !== undefined);
    const added = [
      ...sessions,
      ...Array.from({ length: 40 }, (_, index) => session(1, `${String(index).padStart(36, '0')}-added`)),
    ];
    const ids = await readRanges([message({ accountId: 1 })], added, cuts);
    expect(ids).toHaveLength(70);
    expect(new Set(ids).size).toBe(70);
  });

  test('is read at once when nothing was added', async () => {
    const sessions = many(30);
    const { places } = await walk([message({ accountId: 1 })], sessions);
    const asked: string[] = [];
    const reader = {
      recipients: new Recipients([message({ accountId: 1 })]),
      find: findIn(sessions, asked),
      now: () => now,
    };
    const range = { from: places[9] ?? { query: 0 }, ...(places[19] && { to: places[19] }), sessions: 10 };
    expect((await readRange(reader, range)).map(({ session: { sessionId } }) => sessionId)).toEqual(
      sessions.slice(10, 20).map(({ sessionId }) => sessionId),
    );
    expect(asked).toHaveLength(1);
  });
});
