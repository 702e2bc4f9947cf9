import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxMessageBytes } from '../../../client/shared/parameters.ts';
import { buildMessage } from '../../../functions/route-messages/begin-dispatch.ts';
import { MessageTooLarge } from '../../../functions/aws/errors.ts';

describe('the message of a notify call', () => {
  test.each<[string, Parameters<typeof buildMessage>[0], string]>([
    [
      'from the query',
      { accountId: '12345', query: Object.entries({ msg: 'Hello World' }) },
      '{"accountId":12345,"msg":"Hello World"}',
    ],
    ['from the path alone', { accountId: 1 }, '{"accountId":1}'],
    [
      'with every part of the path',
      { accountId: '1', sessionId: 'a"b', userId: '-2' },
      '{"accountId":1,"sessionId":"a\\"b","userId":-2}',
    ],
    [
      'with numbers of the query as text',
      { accountId: 1, query: Object.entries({ n: '5' }) },
      '{"accountId":1,"n":"5"}',
    ],
    ['from the POSTed object', { accountId: 1, body: '{ "a" : [1, 2.50] }' }, '{"accountId":1,"a":[1, 2.50]}'],
    [
      'with the POSTed object over the query',
      { accountId: 1, query: Object.entries({ a: 'q', b: 'q' }), body: '{"a":1}' },
      '{"accountId":1,"a":1,"b":"q"}',
    ],
    [
      'with the path over both',
      {
        accountId: 1,
        userId: 2,
        query: Object.entries({ accountId: '5', userId: '5' }),
        body: '{"accountId":6,"userId":"x"}',
      },
      '{"accountId":1,"userId":2}',
    ],
    [
      'with numbers as written',
      { accountId: 1, body: '{"a":12345678901234567890,"b":1.10,"c":1e400}' },
      '{"accountId":1,"a":12345678901234567890,"b":1.10,"c":1e400}',
    ],
    [
      'with a member __proto__',
      { accountId: 1, body: '{"__proto__":{"accountId":2}}' },
      '{"accountId":1,"__proto__":{"accountId":2}}',
    ],
    ['without an empty body', { accountId: 1, body: '' }, '{"accountId":1}'],
    ['from an object given as such', { accountId: 1, body: { a: 1 } }, '{"accountId":1,"a":1}'],
  ])('is built %s', (_, notify, body) => {
    expect(buildMessage(notify).body).toBe(body);
  });

  test.each<[string, Parameters<typeof buildMessage>[0], object]>([
    ['the account', { accountId: '1' }, { accountId: 1 }],
    ['the session of the path', { accountId: '1', sessionId: 's' }, { accountId: 1, sessionId: 's' }],
    [
      'the session and user of the path',
      { accountId: '1', sessionId: 's', userId: '2' },
      { accountId: 1, sessionId: 's', userId: 2 },
    ],
    ['a user the POSTed object names', { accountId: '1', body: '{"userId":7}' }, { accountId: 1, userId: 7 }],
    [
      'a session the query names',
      { accountId: '1', query: Object.entries({ sessionId: 's' }) },
      { accountId: 1, sessionId: 's' },
    ],
  ])('is for %s', (_, notify, addressees) => {
    expect(buildMessage(notify)).toMatchObject(addressees);
    expect(Object.keys(buildMessage(notify)).sort()).toEqual([...Object.keys(addressees), 'body'].sort());
  });

  test.each<[string, Parameters<typeof buildMessage>[0], string]>([
    ['no account', { accountId: undefined }, 'accountId'],
    ['an account that is no integer', { accountId: '1x' }, 'accountId'],
    ['an unsafe account', { accountId: '9007199254740993' }, 'accountId'],
    ['an empty session id', { accountId: 1, sessionId: '' }, 'sessionId'],
    ['a session id of 256 characters', { accountId: 1, sessionId: 'x'.repeat(256) }, 'sessionId'],
    ['a user that is no integer', { accountId: 1, userId: '1.5' }, 'userId'],
    ['a user in the query, which is text', { accountId: 1, query: Object.entries({ userId: '7' }) }, 'userId'],
    ['a body that is no JSON', { accountId: 1, body: 'hello' }, 'body'],
    ['a body that is a list', { accountId: 1, body: '[]' }, 'body'],
    ['a body that is cut off', { accountId: 1, body: '{"a":' }, 'body'],
    ['a query parameter that is no text', { accountId: 1, query: [['a', 1]] }, 'query'],
    ['a query that is no list of pairs', { accountId: 1, query: { a: '1' } }, 'query'],
  ])('is refused for %s', (_, notify, field) => {
    expect(() => buildMessage(notify)).toThrow(expect.objectContaining({ name: 'InvalidRequest', field }));
  });

  test('is refused beyond the limit, which is named', () => {
    const body = JSON.stringify({ a: 'x'.repeat(maxMessageBytes) });
    expect(() => buildMessage({ accountId: 1, body })).toThrow(MessageTooLarge);
    expect(() => buildMessage({ accountId: 1, body })).toThrow(/1046528/);
  });

  test('carries what SQS refuses as escapes', () => {
    const { body } = buildMessage({
      accountId: 1,
      query: Object.entries({ a: '\uFFFE\uD800' }),
      body: '{"b":"\uFFFF\uDC00"}',
    });
    expect(body).toBe('{"accountId":1,"a":"\\ufffe\\ud800","b":"\\uffff\\udc00"}');
    expect(JSON.parse(body)).toEqual({ accountId: 1, a: '\uFFFE\uD800', b: '\uFFFF\uDC00' });
  });

  test('holds exactly what was asked for, whatever it is', () => {
    const names = fc.string({ unit: 'binary' }).filter((name) => !['accountId', 'sessionId', 'userId'].includes(name));
    const query = fc.dictionary(names, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(query, fc.dictionary(names, fc.jsonValue()), (asked, posted) => {
        const { body, ...addressees } = buildMessage({
          accountId: 5,
          query: Object.entries(asked),
          body: JSON.stringify(posted),
        });
        expect(addressees).toEqual({ accountId: 5 });
        expect(JSON.parse(body)).toEqual({ accountId: 5, ...asked, ...(JSON.parse(JSON.stringify(posted)) as object) });
      }),
    );
  });
});
