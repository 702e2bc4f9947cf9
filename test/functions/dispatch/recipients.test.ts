import { describe, expect, test } from '@jest/globals';
import { Audience } from '../../../functions/dispatch/recipients.ts';
import type { Message } from '../../../functions/dispatch/message.ts';

type Target = Pick<Message, 'accountId' | 'sessionId' | 'userId'>;

const audienceOf = (...targets: Target[]): Audience =>
  new Audience(
    targets.map((target, index) => ({ messageId: String(index), sentAt: 0, body: 'x'.repeat(100), ...target })),
  );

describe('an audience', () => {
  test('asks for accounts in the order they appear in', () => {
    const audience = audienceOf(
      { accountId: 9 },
      { accountId: 1, userId: 2 },
      { accountId: 5, sessionId: 's' },
      { accountId: 9 },
    );
    expect(audience.lookups()).toEqual([
      { kind: 'account', accountId: 9 },
      { kind: 'user', accountId: 1, userId: 2 },
      { kind: 'session', accountId: 5, sessionId: 's' },
    ]);
  });

  test('leaves a session that is named to its own look-up', () => {
    const audience = audienceOf({ accountId: 1, sessionId: 's' }, { accountId: 1, userId: 2 });
    const [byName, byUser] = audience.lookups();
    const named = { accountId: 1, sessionId: 's', userId: 2 };
    const other = { accountId: 1, sessionId: 'other', userId: 2 };
    if (!byName || !byUser) throw new Error('two look-ups are expected');
    expect([
      audience.isFoundBy(byName, named),
      audience.isFoundBy(byUser, named),
      audience.isFoundBy(byUser, other),
    ]).toEqual([true, false, true]);
    expect(audience.messagesFor(named)?.indices).toEqual([0, 1]);
  });

  test('gives sessions with the same messages the same list', () => {
    const audience = audienceOf({ accountId: 1 }, { accountId: 1, userId: 2 }, { accountId: 1, sessionId: 'x' });
    const list = (sessionId: string, userId?: number) =>
      audience.messagesFor({ accountId: 1, sessionId, ...(userId !== undefined && { userId }) });
    expect(list('a')).toBe(list('b', 3));
    expect(list('a', 2)).toBe(list('b', 2));
    expect(list('a', 2)?.indices).toEqual([0, 1]);
    expect(list('x', 2)?.indices).toEqual([0, 1, 2]);
    expect(list('x')?.ranges).toBe('0,2');
  });

  test('has nothing for whom no message is for', () => {
    const audience = audienceOf({ accountId: 1, userId: 2 }, { accountId: 1, sessionId: 's', userId: 2 });
    expect(audience.messagesFor({ accountId: 1, sessionId: 's', userId: 3 })).toBeUndefined();
    expect(audience.messagesFor({ accountId: 1, sessionId: 's' })).toBeUndefined();
    expect(audience.messagesFor({ accountId: 2, sessionId: 's', userId: 2 })).toBeUndefined();
  });

  test('knows how many sends a list takes', () => {
    const audience = audienceOf(...Array.from({ length: 21 }, () => ({ accountId: 1 })));
    const list = audience.messagesFor({ accountId: 1, sessionId: 's' });
    expect(list?.sends).toBe(3);
    expect(list?.payload).toBeGreaterThan(21 * 100);
  });
});
