import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { listToken, readListToken } from '../../../functions/list-sessions/list-tokens.ts';

const keys = fc.record({
  accountId: fc.maxSafeInteger(),
  sessionId: fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }),
});
const scopes = fc.record({
  tableName: fc.stringMatching(/^[\w.-]{3,20}$/),
  accountId: fc.option(fc.maxSafeInteger(), { nil: undefined }),
});

describe('a token of a list', () => {
  test.each<[string, unknown]>([
    ['another account', [2, 'a']],
    ['a text for an account', ['1', 'a']],
    ['no account', [1.5, 'a']],
    ['an empty id', [1, '']],
    ['half a character', [1, '\ud83d']],
    ['one thing', 'x'],
    ['three things', [1, 'a', 'b']],
    ['an object', { accountId: 1, sessionId: 'a' }],
  ])('is refused when somebody has put %s under a right checksum', (_, key) => {
    const scope = { tableName: 'table', accountId: 1 };
    const text = Buffer.from(JSON.stringify(key));
    const checksum = createHash('sha256')
      .update(JSON.stringify(['table', 1]))
      .update(text)
      .digest()
      .subarray(0, 16);
    const forged = Buffer.concat([checksum, text]).toString('base64url');
    expect(() => readListToken(scope, forged)).toThrow('nextToken is ');
  });

  test('gives its key again', () => {
    fc.assert(
      fc.property(scopes, keys, (scope, found) => {
        const key = { ...found, accountId: scope.accountId ?? found.accountId };
        const token = listToken(scope, key);
        expect(token).toMatch(/^[\w-]+$/);
        expect(readListToken(scope, token)).toEqual(key);
      }),
    );
  });

  test('is refused when a character of it was changed, wherever', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= é';
    fc.assert(
      fc.property(
        scopes,
        keys,
        fc.nat(),
        fc.constantFrom(...Array.from(alphabet)),
        (scope, key, position, character) => {
          const token = listToken(scope, key);
          const index = position % token.length;
          fc.pre(token[index] !== character);
          const changed = token.slice(0, index) + character + token.slice(index + 1);
          expect(() => readListToken(scope, changed)).toThrow('nextToken is ');
        },
      ),
    );
  });

  test('is refused at every single position', () => {
    const scope = { tableName: 'Sessions', accountId: 5 };
    const token = listToken(scope, { accountId: 5, sessionId: 'a session' });
    for (const index of token.split('').keys()) {
      const next = String.fromCharCode(token.charCodeAt(index) + 1);
      expect(() => readListToken(scope, token.slice(0, index) + next + token.slice(index + 1))).toThrow();
      expect(() => readListToken(scope, token.slice(0, index) + token.slice(index + 1))).toThrow();
      expect(() => readListToken(scope, `${token.slice(0, index)} ${token.slice(index)}`)).toThrow();
    }
  });

  test('is refused for another table or account', () => {
    fc.assert(
      fc.property(scopes, scopes, keys, (scope, other, key) => {
        fc.pre(scope.tableName !== other.tableName || scope.accountId !== other.accountId);
        expect(() => readListToken(other, listToken(scope, key))).toThrow('nextToken is ');
      }),
    );
  });

  test.each([
    '',
    'AAAA',
    5,
    null,
    [],
    {},
    'x'.repeat(5000),
    `${listToken({ tableName: 'T' }, { accountId: 1, sessionId: 'a' })}=`,
  ])('is not %j', (token) => {
    expect(() => readListToken({ tableName: 'T' }, token)).toThrow('the nextToken of a previous answer');
  });
});
