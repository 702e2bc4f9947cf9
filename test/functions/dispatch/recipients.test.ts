import { describe, expect, test } from '@jest/globals';
import { Recipients } from '../../../functions/dispatch/recipients.ts';
import type { Message } from '../../../functions/dispatch/message.ts';

type Target = Pick<Message, 'accountId' | 'sessionId' | 'userId'>;

const recipientsOf = (...targets: Target[]): Recipients =>
  new Recipients(
    targets.map((target, index) => ({ messageId: String(index), sentAt: 0, body: 'x'.repeat(100), ...target })),
  );

describe('recipients of messages', () => {
  test('asks for accounts in the order they appear in', () => {
    const recipients = recipientsOf(
      { accountId: 9 },
      { accountId: 1, userId: 2 },
      { accountId: 5, sessionId: 's' },
      { accountId: 9 },
    );
    expect(recipients.queries()).toEqual([
      { type: 'account', accountId: 9 },
      { type: 'user', accountId: 1, userId: 2 },
      { type: 'session', accountId: 5, sessionId: 's' },
    ]);
  });

  test('leaves a session that is named to its own query', () => {
    const recipients = recipientsOf({ accountId: 1, sessionId: 's' }, { accountId: 1, userId: 2 });
    const [byName, byUser] = recipients.queries();
    const named = { accountId: 1, sessionId: 's', userId: 2 };
    const other = { accountId: 1, sessionId: 'other', userId: 2 };
    if (!byName || !byUser) throw new Error('two queries are expected');
    expect([
      recipients.isFoundBy(byName, named),
      recipients.isFoundBy(byUser, named),
      recipients.isFoundBy(byUser, other),
    ]).toEqual([true, false, true]);
    expect(recipients.messagesFor(named)?.indices).toEqual([0, 1]);
  });

  test('gives sessions with the same messages the same list', () => {
    const recipients = recipientsOf({ accountId: 1 }, { accountId: 1, userId: 2 }, { accountId: 1, sessionId: 'x' });
    const list = (sessionId: string, userId?: number) =>
      recipients.messagesFor({ accountId: 1, sessionId, ...(userId !== undefined && { userId }) });
    expect(list('a')).toBe(list('b', 3));
    expect(list('a', 2)).toBe(list('b', 2));
    expect(list('a', 2)?.indices).toEqual([0, 1]);
    expect(list('x', 2)?.indices).toEqual([0, 1, 2]);
    expect(list('x')?.ranges).toBe('0,2');
  });

  test('has nothing for whom no message is for', () => {
    const recipients = recipientsOf({ accountId: 1, userId: 2 }, { accountId: 1, sessionId: 's', userId: 2 });
    expect(recipients.messagesFor({ accountId: 1, sessionId: 's', userId: 3 })).toBeUndefined();
    expect(recipients.messagesFor({ accountId: 1, sessionId: 's' })).toBeUndefined();
    expect(recipients.messagesFor({ accountId: 2, sessionId: 's', userId: 2 })).toBeUndefined();
  });

  test('knows what names sessions one by one, when nothing else is left', () => {
    const recipients = recipientsOf(
      { accountId: 1, userId: 2 },
      { accountId: 3, sessionId: 'a' },
      { accountId: 3, sessionId: 'b', userId: 4 },
      { accountId: 3, sessionId: 'a', userId: 5 },
    );
    expect(recipients.namedFrom(0)).toEqual([]);
    expect(recipients.namedFrom(1)).toMatchObject([
      { sessionId: 'a', messages: { ranges: '1,3' }, after: { query: 2 } },
      { sessionId: 'b', messages: { ranges: '2' }, after: { query: 3 } },
    ]);
    expect(recipients.namedFrom(3)).toEqual([]);
  });

  test('knows how many sends a list takes', () => {
    const recipients = recipientsOf(...Array.from({ length: 21 }, () => ({ accountId: 1 })));
    const list = recipients.messagesFor({ accountId: 1, sessionId: 's' });
    expect(list?.sends).toBe(3);
    expect(list?.payload).toBeGreaterThan(21 * 100);
  });
});
