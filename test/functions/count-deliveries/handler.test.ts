import { describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/count-deliveries/handler.ts';

const deadline = 1_700_000_000_000;
const message = { messageId: 'm', sentAt: 1, accountId: 1, body: '{}' };
const cursor = { lookup: 0, after: { sessionId: 's', route: 's#s' } };
const progress = {
  messages: [message],
  totals: { sessions: 2, delivered: 1 },
  deadline,
  atDeadline: 'continue',
  deliveries: [],
};
const results = [
  { sessions: 3, delivered: 30, gone: 0, undelivered: [] },
  { sessions: 2, delivered: 0, gone: 1, deadLettered: 7, undelivered: [] },
];

const count = (dispatch: object, now = deadline - 1) =>
  handle({ now: () => now })({ dispatch: { ...progress, results, ...dispatch } });

describe('counting of deliveries', () => {
  test('adds up and ends when no sessions are left', async () => {
    expect(await count({})).toEqual({
      messages: [message],
      totals: { sessions: 7, delivered: 31 },
      deadline,
      atDeadline: 'continue',
      next: 'done',
      answer: { messageId: 'm', sessions: 7, delivered: 31 },
    });
  });

  test.each<[string, object, number, object]>([
    [
      'goes on with the next page',
      { cursor },
      deadline - 1,
      { next: 'route', cursor, answer: { messageId: 'm', sessions: 7, delivered: 31 } },
    ],
    [
      'has a further execution go on at the deadline',
      { cursor },
      deadline,
      { next: 'continue', cursor, answer: { messageId: 'm', sessions: 7, delivered: 31, continued: true } },
    ],
    [
      'answers the cursor at the deadline to whoever waits',
      { cursor, atDeadline: 'answer' },
      deadline,
      { next: 'done', answer: { messageId: 'm', sessions: 7, delivered: 31, cursor } },
    ],
    [
      'ends after the deadline when nothing is left',
      {},
      deadline + 1,
      { next: 'done', answer: { messageId: 'm', sessions: 7, delivered: 31 } },
    ],
    ['names no message of several', { messages: [message, message] }, 0, { answer: { sessions: 7, delivered: 31 } }],
    ['counts nothing for a page without deliveries', { results: [] }, 0, { totals: { sessions: 2, delivered: 1 } }],
  ])('%s', async (_, dispatch, now, counted) => {
    expect(await count(dispatch, now)).toMatchObject(counted);
    if (!('messages' in dispatch)) return;
    expect((await count(dispatch, now)).answer).toEqual({ sessions: 7, delivered: 31 });
  });

  test('drops results and deliveries from the state', async () => {
    expect(Object.keys(await count({ cursor })).sort()).toEqual([
      'answer',
      'atDeadline',
      'cursor',
      'deadline',
      'messages',
      'next',
      'totals',
    ]);
  });

  test('refuses what is no dispatch', () => {
    expect(() => handle({ now: () => 0 })({ dispatch: {} })).toThrow(
      expect.objectContaining({ name: 'InvalidRequest' }),
    );
  });
});
