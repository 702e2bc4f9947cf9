import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listToken, readListToken } from '../../../functions/sessions/list-tokens.ts';

const keys = fc.record({
  accountId: fc.maxSafeInteger(),
  sessionId: fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }),
});
const scopes = fc.record({
  tableName: fc.stringMatching(/^[\w.-]{3,20}$/),
  accountId: fc.option(fc.maxSafeInteger(), { nil: undefined }),
});

describe('a token of a list', () => {
  test('tells its key again', () => {
    fc.assert(
      fc.property(scopes, keys, (scope, key) => {
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
