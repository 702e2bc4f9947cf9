import { beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/count-deliveries/handler.ts';
import { FakeLog } from '../../tools/log.ts';

const deadline = 1_700_000_000_000;
const message = { messageId: 'm', sentAt: 1, accountId: 1, body: '{}' };
const cursor = { query: 0, after: { sessionId: 's', route: 's#s' } };
const totals = { sessions: 2, delivered: 1, deadLettered: 0, received: '0' };
const progress = { messages: [message], totals, deadline, atDeadline: 'continue', deliveries: [] };
const result = { gone: 0, base: 'https://sqs/1/', undelivered: [] };
const results = [
  { ...result, sessions: 3, delivered: 30 },
  { ...result, sessions: 2, delivered: 0, gone: 1, deadLettered: 7 },
];
const sum = { sessions: 7, delivered: 31, deadLettered: 7, received: '0' };

let log: FakeLog;

beforeEach(() => {
  log = new FakeLog();
});

const count = (dispatch: object, now = deadline - 1) =>
  handle({ now: () => now, log })({ dispatch: { ...progress, results, ...dispatch } });

describe('counting of deliveries', () => {
  test('adds up and ends when no sessions are left', () => {
    expect(count({})).toEqual({
      messages: [message],
      totals: sum,
      deadline,
      atDeadline: 'continue',
      next: 'done',
      answer: { messageId: 'm', sessions: 7, delivered: 31 },
    });
  });

  test.each<[string, object, number, object]>([
    ['goes on with the next plan', { cursor }, deadline - 1, { next: 'route', cursor, totals: sum }],
    [
      'has a further execution go on at the deadline',
      { cursor },
      deadline,
      { next: 'continue', cursor, answer: { messageId: 'm', sessions: 7, delivered: 31, continued: true } },
    ],
    [
      'answers the remainder at the deadline when somebody waits',
      { cursor, atDeadline: 'answer' },
      deadline,
      { next: 'done', answer: { messageId: 'm', sessions: 7, delivered: 31, remainder: { cursor, totals: sum } } },
    ],
    ['ends after the deadline when nothing is left', {}, deadline + 1, { next: 'done' }],
    ['counts nothing for a plan without deliveries', { results: [] }, 0, { totals }],
  ])('%s', (_, dispatch, now, counted) => {
    expect(count(dispatch, now)).toMatchObject(counted);
  });

  test('adds the messages that deliveries found a session for', () => {
    const found = results.map((each, index) => ({ ...each, received: ['5-6,9', ''][index] }));
    expect(count({ results: found })).toMatchObject({ totals: { ...sum, received: '0,5-6,9' } });
  });

  test('names no message of several', () => {
    expect(count({ messages: [message, message] }).answer).toEqual({ sessions: 7, delivered: 31 });
  });

  test('drops results and deliveries from the state', () => {
    expect(Object.keys(count({ cursor })).sort()).toEqual([
      'answer',
      'atDeadline',
      'cursor',
      'deadline',
      'messages',
      'next',
      'totals',
    ]);
  });

  test('refuses what is not a dispatch', () => {
    expect(() => handle({ now: () => 0, log })({ dispatch: {} })).toThrow(
      expect.objectContaining({ name: 'InvalidRequest' }),
    );
  });
});

describe('the log of a dispatch', () => {
  test('has one line with its messages, counts, and the messages that were for nobody', () => {
    const messages = ['a', 'b', 'c'].map((messageId) => ({ ...message, messageId }));
    count({ messages, totals: { ...totals, received: '0,2' } });
    const fields = { messageIds: ['a', 'b', 'c'], sessions: 7, delivered: 31, deadLettered: 7, nobody: ['b'] };
    expect(log.lines).toEqual([{ level: 'info', code: 'MESSAGES_DISPATCHED', fields }]);
  });

  test('has no line before the last plan', () => {
    count({ cursor });
    expect(log.lines).toEqual([]);
  });
});
