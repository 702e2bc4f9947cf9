import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { checkSessionRequest as check } from '../../../functions/sessions/find-session.ts';
import { refused } from '../aws/refused.ts';

const checkSessionRequest = (input: unknown) => check(input, ['MessageRetentionPeriod']);

describe('a request for a session', () => {
  test('has its ids as numbers and nothing that was not asked for', () => {
    const input = { accountId: '12', sessionId: 'a', userId: '-7', attempt: 3 };
    expect(checkSessionRequest(input)).toEqual({ accountId: 12, sessionId: 'a', userId: -7 });
    expect(checkSessionRequest({ accountId: 12, sessionId: 'a' })).toEqual({ accountId: 12, sessionId: 'a' });
  });

  test('takes the retention from itself rather than from the body', () => {
    const retentionOf = (more: object) =>
      checkSessionRequest({ accountId: 1, sessionId: 'a', ...more }).messageRetentionPeriod;
    expect(retentionOf({ messageRetentionPeriod: '60' })).toBe(60);
    expect(retentionOf({ body: '{"MessageRetentionPeriod":1209600}' })).toBe(1_209_600);
    expect(retentionOf({ messageRetentionPeriod: 61, body: '{"MessageRetentionPeriod":62}' })).toBe(61);
    expect(retentionOf({ query: [['MessageRetentionPeriod', '63']], body: '{"MessageRetentionPeriod":62}' })).toBe(63);
  });

  test.each([{ body: '{"messageRetentionPeriod":61}' }, { query: [['messageRetentionPeriod', '61']] }])(
    'has no parameter of another name: %j',
    (more) => {
      expect(refused(() => checkSessionRequest({ accountId: 1, sessionId: 'a', ...more }))).toBe(
        'messageRetentionPeriod',
      );
    },
  );

  test.each([{ body: '{"MessageRetentionPeriod":61}' }, { query: [['MessageRetentionPeriod', '61']] }])(
    'has no retention unless it is of a create: %j',
    (more) => {
      expect(refused(() => check({ accountId: 1, sessionId: 'a', ...more }, []))).toBe('MessageRetentionPeriod');
    },
  );

  test.each<[string, object]>([
    ['accountId', { accountId: 'x' }],
    ['accountId', { accountId: undefined }],
    ['sessionId', { sessionId: '' }],
    ['userId', { userId: '' }],
    ['userId', { userId: null }],
    ['body', { body: '[]' }],
    ['MessageRetentionPeriod', { messageRetentionPeriod: '59' }],
    ['MessageRetentionPeriod', { messageRetentionPeriod: 1_209_601 }],
    ['MessageRetentionPeriod', { messageRetentionPeriod: '' }],
    ['MessageRetentionPeriod', { messageRetentionPeriod: null }],
    ['MessageRetentionPeriod', { messageRetentionPeriod: '1e3' }],
    ['MessageRetentionPeriod', { body: '{"MessageRetentionPeriod":null}' }],
    ['MessageRetentionPeriod', { body: '{"MessageRetentionPeriod":60.5}' }],
  ])('is refused for its %s: %j', (field, change) => {
    expect(refused(() => checkSessionRequest({ accountId: 1, sessionId: 'a', ...change }))).toBe(field);
  });

  test.each([undefined, null, 'text', [], 5])('is not %j', (input) => {
    expect(refused(() => checkSessionRequest(input))).toBe('request');
  });

  test('is checked whatever it is, without any other error', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), fc.anything(), (accountId, sessionId, userId, body) => {
        const field = refused(() => checkSessionRequest({ accountId, sessionId, userId, body }));
        const posted = typeof body === 'object' && body !== null ? Object.keys(body) : [];
        const known = ['accountId', 'sessionId', 'userId', 'body', 'MessageRetentionPeriod', ...posted];
        expect([undefined, ...known]).toContain(field);
      }),
    );
  });
});
