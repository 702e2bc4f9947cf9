import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import {
  checkBody,
  checkInteger,
  checkIntegerWithin,
  checkSessionId,
  checkQuery,
  readParameters,
} from '../../../functions/aws/input.ts';
import { refused } from './refused.ts';

describe('an integer', () => {
  test('is a safe integer or its text', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => {
        expect(checkInteger('n', integer)).toBe(integer);
        expect(checkInteger('n', String(integer))).toBe(integer);
      }),
    );
  });

  test('is zero when it is minus zero', () => {
    expect(Object.is(checkInteger('n', -0), 0)).toBe(true);
  });

  const others: unknown[] = [
    ...['', ' 1', '1 ', '1.0', '1e3', '+1', '-0', '0x1', '007', '1n', '١', 'NaN', 'Infinity', '--1', '-', '1_000'],
    ...['9007199254740992', '-9007199254740992', '12345678901234567890'],
    ...[1.5, 2 ** 53, Infinity, NaN, null, undefined, true, [], [1], {}, { valueOf: () => 1 }],
  ];
  test.each(others.map((value) => [value]))('is not %j', (value) => {
    expect(refused(() => checkInteger('userId', value))).toBe('userId');
  });

  test('is refused unless its text is the one way to write it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.eExn ]{0,20}$/)), (text) => {
        const isRight = Number.isSafeInteger(Number(text)) && String(Number(text)) === text;
        expect(refused(() => checkInteger('n', text)) === undefined).toBe(isRight);
      }),
    );
  });

  test('keeps within its bounds', () => {
    expect([60, '60', 61, '61'].map((each) => checkIntegerWithin('n', each, { minimum: 60, maximum: 61 }))).toEqual([
      60, 60, 61, 61,
    ]);
    for (const value of [59, 62, '59', '062.', -60, '-60', '', null, undefined, '6e1', 60.5, true]) {
      expect(refused(() => checkIntegerWithin('n', value, { minimum: 60, maximum: 61 }))).toBe('n');
    }
    expect(() => checkIntegerWithin('limit', 0, { minimum: 1, maximum: 100 })).toThrow(
      'limit is 0, but must be an integer from 1 to 100',
    );
  });
});

describe('a session id', () => {
  test('is any text of 1 to 255 characters', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('/', '"', '\0', '@@', '😀'),
    );
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 127 }), (characters) => {
        const id = characters.join('');
        expect(checkSessionId(id)).toBe(id);
      }),
    );
  });

  test.each([
    ['a', 255],
    ['ß', 255],
    ['語', 255],
    ['😀', 255],
  ])('counts %s as one character', (character, most) => {
    expect(checkSessionId(character.repeat(most))).toHaveLength(character.length * most);
    expect(refused(() => checkSessionId(character.repeat(most + 1)))).toBe('sessionId');
  });

  test.each([undefined, null, 5, '', '\ud83d', 'a\ude00b', {}, ['a']])('is not %j', (value) => {
    expect(refused(() => checkSessionId(value))).toBe('sessionId');
  });
});

describe('a body', () => {
  test('may be missing or empty', () => {
    expect([checkBody({}), checkBody({ body: '' })]).toEqual([{}, {}]);
  });

  test('is a JSON object, as text or as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(checkBody({ body: JSON.stringify(object) })).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
    expect(checkBody({ body: { a: 1 } })).toEqual({ a: 1 });
  });

  test.each([
    '[]',
    '1',
    '"a"',
    'null',
    'true',
    '{',
    'a=b',
    ' ',
    '{}{}',
    '[]{}',
    '['.repeat(200_000),
    [],
    5,
    null,
    true,
  ])('is not %j', (body) => {
    expect(refused(() => checkBody({ body }))).toBe('body');
  });
});

test('a body of deeply nested arrays is refused as any other', () => {
  expect(refused(() => checkBody({ body: '['.repeat(200_000) }))).toBe('body');
  expect(refused(() => checkBody({ body: '['.repeat(100_000) + ']'.repeat(100_000) }))).toBe('body');
});

describe('the query of a request', () => {
  test('is empty when a machine is started without one', () => {
    expect(checkQuery(undefined)).toEqual(new Map());
  });

  test('has its parameters by their names, the last of each', () => {
    const pairs = [
      ['a', '1'],
      ['__proto__', 'x\\'],
      ['a', ''],
    ];
    expect(checkQuery(pairs)).toEqual(
      new Map([
        ['a', ''],
        ['__proto__', 'x\\'],
      ]),
    );
  });

  test.each([null, {}, 'a=b', ['a'], [['a']], [['a', 1]], [['a', 'b', 'c']]])('is refused when it is %j', (query) => {
    expect(() => checkQuery(query)).toThrow(expect.objectContaining({ name: 'InvalidRequest', field: 'query' }));
  });
});

describe('the parameters of a request', () => {
  const read = (request: Readonly<Record<string, unknown>>) => readParameters(request, 'limit', 'nextToken');

  test('are those of the query, else of the body', () => {
    expect(read({ query: [['limit', '5']], body: '{"limit":6,"nextToken":"a"}' })).toEqual({
      limit: '5',
      nextToken: 'a',
    });
    expect(read({})).toEqual({});
  });

  test('may have a signature beside them in the query', () => {
    expect(
      read({
        query: [
          ['X-Amz-Signature', 'ab'],
          ['x-amz-date', '20261127T000000Z'],
        ],
      }),
    ).toEqual({});
  });

  test.each(['Limit', 'limits', 'LIMIT', 'next_token', 'next-token', 'nextToken2'])(
    'are not called %s, and the right name is said',
    (name) => {
      const right = /limit/i.test(name) ? 'limit' : 'nextToken';
      const refusal = { name: 'InvalidRequest', field: name, message: `${name} is "5", but must be called ${right}` };
      expect(() => read({ query: [[name, '5']] })).toThrow(expect.objectContaining(refusal));
      expect(() => read({ body: JSON.stringify({ [name]: '5' }) })).toThrow(expect.objectContaining(refusal));
    },
  );

  test('are refused with those that there are when they are like none', () => {
    expect(() => read({ query: [['page', '5']] })).toThrow(
      'page is "5", but must be left out: the route takes limit and nextToken',
    );
    for (const request of [{ query: [['limit', '5']] }, { body: '{"limit":"5"}' }]) {
      expect(() => readParameters(request)).toThrow(
        'limit is "5", but must be left out: the route takes none beside its path',
      );
    }
  });
});
