import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes, type InlineMessage } from '../../../functions/dispatch/message.ts';
import { maxExecutionBytes } from '../../../functions/dispatch/offload.ts';
import {
  dispatchInOrder,
  orderedGroups,
  type MessageBatch,
  type OrderedGroup,
  type Received,
} from '../../../functions/dispatch/ordered-groups.ts';
import { randomText } from '../../tools/random-text.ts';

const received = (...messages: readonly [accountId: number, size: number][]): Received[] =>
  messages.map(([accountId, size], position) => ({
    position,
    message: { messageId: `m${position}`, sentAt: 0, accountId, body: 'x'.repeat(size) },
  }));

const addressed = (...messages: readonly [to: { sessionId?: string; userId?: number }, size: number][]): Received[] =>
  received(...messages.map(([, size]): [number, number] => [1, size])).map(({ position, message }) => ({
    position,
    message: { ...message, ...messages[position]?.[0] },
  }));

/** Whether some session may get both: unless both name sessions, or both name users only, nothing here rules it out. */
const mayMeet = ({ message: a }: Received, { message: b }: Received): boolean => {
  if (a.accountId !== b.accountId) return false;
  if (a.sessionId !== undefined && b.sessionId !== undefined) return a.sessionId === b.sessionId;
  return a.userId === undefined || b.userId === undefined || a.userId === b.userId;
};

const positions = (groups: readonly OrderedGroup[]): number[][][] =>
  groups.map((group) => group.map((batch) => batch.map(({ position }) => position)));

describe('ordered groups of messages', () => {
  test.each<[string, Received[], number[][][]]>([
    ['are none for no messages', [], []],
    [
      'are one for a few messages, those of an account together',
      received([1, 9], [2, 9], [1, 9], [2, 9]),
      [[[0, 2, 1, 3]]],
    ],
    ['keep an account in one where it fits', received([1, 60_000], [2, 30_000], [2, 30_000]), [[[0]], [[1, 2]]]],
    ['of one account follow each other', received([1, 60_000], [1, 60_000], [1, 20_000]), [[[0], [1, 2]]]],
    ['of accounts that share one follow each other', received([1, 60_000], [1, 60_000], [2, 20_000]), [[[0], [1, 2]]]],
    ['of other accounts go at once', received([1, 90_000], [2, 90_000], [3, 90_000]), [[[0]], [[1]], [[2]]]],
    [
      "of one account's sessions go at once, each session's together",
      addressed([{ sessionId: 'a' }, 40_000], [{ sessionId: 'b' }, 60_000], [{ sessionId: 'a' }, 40_000]),
      [[[0, 2]], [[1]]],
    ],
    [
      "of one account's users go at once, each user's together",
      addressed([{ userId: 1 }, 40_000], [{ userId: 2 }, 60_000], [{ userId: 1 }, 40_000]),
      [[[0, 2]], [[1]]],
    ],
    [
      'of users and sessions of one account follow each other',
      addressed([{ sessionId: 'a' }, 60_000], [{ userId: 2 }, 60_000]),
      [[[0], [1]]],
    ],
    [
      'of everybody and a session follow each other',
      addressed([{ sessionId: 'a' }, 60_000], [{ sessionId: 'b' }, 60_000], [{}, 60_000]),
      [[[0], [1], [2]]],
    ],
  ])('%s', (_, messages, groups) => {
    expect(positions(orderedGroups(messages))).toEqual(groups);
  });

  test('hold everything once, within the limit, and never in two groups what one session may get', () => {
    const target = fc.record(
      { sessionId: fc.constantFrom('a', 'b', 'c'), userId: fc.constantFrom(1, 2) },
      { requiredKeys: [] },
    );
    const message = fc.tuple(fc.nat(3), fc.oneof(fc.nat(500), fc.nat(maxExecutionBytes - 200)), target);
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (drawn) => {
        const all = received(...drawn.map(([accountId, size]): [number, number] => [accountId, size])).map(
          ({ position, message: plain }) => ({ position, message: { ...plain, ...drawn[position]?.[2] } }),
        );
        const groups = orderedGroups(all);
        const flat = groups.flat(2);
        expect(flat.map(({ position }) => position).sort((a, b) => a - b)).toEqual(all.map(({ position }) => position));
        const groupOf = new Map(
          groups.flatMap((group, index) => group.flat().map(({ position }) => [position, index])),
        );
        for (const [at, one] of flat.entries()) {
          for (const later of flat.slice(at + 1).filter((other) => mayMeet(one, other))) {
            expect(groupOf.get(later.position)).toBe(groupOf.get(one.position));
            expect(later.position).toBeGreaterThan(one.position);
          }
        }
        for (const batch of groups.flat()) {
          expect(batch.length).toBeGreaterThan(0);
          expect(jsonBytes(batch.map((each) => each.message))).toBeLessThanOrEqual(maxExecutionBytes + 1);
        }
      }),
    );
  });

  test("hold an account's messages in one batch where they fit", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(30_000)), { maxLength: 40 }), (drawn) => {
        const all = received(...drawn);
        const batches = orderedGroups(all).flat();
        for (const account of new Set(drawn.map(([accountId]) => accountId))) {
          const isIts = ({ message: { accountId } }: Received) => accountId === account;
          const size = all.filter(isIts).reduce((sum, each) => sum + jsonBytes(each.message) + 1, 0);
          if (size <= maxExecutionBytes) expect(batches.filter((batch) => batch.some(isIts))).toHaveLength(1);
        }
      }),
    );
  });
});

describe('a dispatch in ordered groups', () => {
  const accepted = (...messages: readonly [accountId: number, size: number][]): Map<number, InlineMessage> =>
    new Map(
      messages.map(([accountId, size], position) => [
        position,
        { messageId: `m${position}`, sentAt: 0, accountId, body: randomText(size) },
      ]),
    );
  const twoGroups = accepted([1, 60_000], [1, 60_000], [2, 90_000], [3, 90_000], [4, 90_000], [5, 90_000], [6, 90_000]);
  const dispatchFailing = async (failing: number, failureEnds: 'everything' | 'group') => {
    const begun: number[][] = [];
    const store = { put: () => Promise.resolve() };
    const dispatch = (batch: MessageBatch): Promise<void> => {
      const positions = batch.map(({ position }) => position);
      begun.push(positions);
      return positions.includes(failing) ? Promise.reject(new Error(`m${failing}`)) : Promise.resolve();
    };
    const notDone = await dispatchInOrder(twoGroups, { store, dispatch, failureEnds });
    return { begun, notDone };
  };

  test('begins each batch once when nothing fails', async () => {
    const { begun, notDone } = await dispatchFailing(-1, 'everything');
    expect(begun.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(notDone).toEqual(new Map());
  });

  test('ends with the group of a failure, whose later batches fail for the same reason', async () => {
    const { begun, notDone } = await dispatchFailing(0, 'group');
    expect(begun.flat().sort((a, b) => a - b)).toEqual([0, 2, 3, 4, 5, 6]);
    expect(notDone).toEqual(new Map([0, 1].map((position) => [position, new Error('m0')])));
  });

  test('begins nothing more after a failure that ends everything', async () => {
    const { begun, notDone } = await dispatchFailing(0, 'everything');
    expect(begun.flat()).not.toContain(1);
    expect(begun.flat()).not.toContain(6);
    expect(notDone.get(6)).toEqual(new Error('m0'));
  });

  test('offloads the bodies of large messages first', async () => {
    const put: string[] = [];
    const store = {
      put: ({ messageId }: InlineMessage) => Promise.resolve(void put.push(messageId)),
    };
    const dispatch = ([first]: MessageBatch): Promise<void> => {
      expect([put, first?.message]).toMatchObject([['m0'], { offloaded: true }]);
      return Promise.resolve();
    };
    const all = accepted([1, 150_000]);
    expect(await dispatchInOrder(all, { store, dispatch, failureEnds: 'group' })).toEqual(new Map());
  });
});
