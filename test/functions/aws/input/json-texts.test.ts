import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { elementTexts, memberTexts } from '../../../../functions/aws/input.ts';

describe('members of a JSON object as text', () => {
  test.each<[string, string, [string, string][]]>([
    ['an empty object', '{}', []],
    ['an empty object with space', ' { } ', []],
    [
      'numbers as written',
      '{"a":1.0,"b":1e400,"c":12345678901234567890}',
      [
        ['a', '1.0'],
        ['b', '1e400'],
        ['c', '12345678901234567890'],
      ],
    ],
    [
      'brackets and quotes within strings',
      String.raw`{"a":"}],\"{","b":"\\"}`,
      [
        ['a', String.raw`"}],\"{"`],
        ['b', String.raw`"\\"`],
      ],
    ],
    [
      'nested values whole',
      '{"a":{"x":[1,{"y":"]"}]},"b":[{}]}',
      [
        ['a', '{"x":[1,{"y":"]"}]}'],
        ['b', '[{}]'],
      ],
    ],
    ['names with escapes', String.raw`{"\u0061\"":null}`, [['a"', 'null']]],
    [
      'the last of a repeated name',
      '{"a":1,"b":2,"a":3}',
      [
        ['a', '3'],
        ['b', '2'],
      ],
    ],
    ['__proto__ as any other name', '{"__proto__":{"accountId":1}}', [['__proto__', '{"accountId":1}']]],
    [
      'values without the space around them',
      '{\n "a" :\t1 ,\r\n"b" : true }',
      [
        ['a', '1'],
        ['b', 'true'],
      ],
    ],
  ])('reads %s', (_, text, members) => {
    expect([...memberTexts(text)]).toEqual(members);
  });

  test('agrees with JSON.parse about any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(3), (object, space) => {
        const parsed = [...memberTexts(JSON.stringify(object, null, space))].map(([name, value]): [string, unknown] => [
          name,
          JSON.parse(value),
        ]);
        expect(Object.fromEntries(parsed)).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  test('reads nesting too deep for recursion', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(memberTexts(`{"a":${deep},"b":1}`)).toEqual(
      new Map([
        ['a', deep],
        ['b', '1'],
      ]),
    );
  });
});

describe('elements of a JSON array as text', () => {
  test.each<[string, string, string[]]>([
    ['none of an empty array', '[]', []],
    ['none of an empty array with space', ' [ \n ] ', []],
    ['numbers as written', '[1.0, 1e400,12345678901234567890]', ['1.0', '1e400', '12345678901234567890']],
    ['brackets and quotes within strings', String.raw`["],\"[", "\\"]`, [String.raw`"],\"["`, String.raw`"\\"`]],
    ['nested values whole', '[{"a":[1,2]},[[],{}],null]', ['{"a":[1,2]}', '[[],{}]', 'null']],
  ])('reads %s', (_, text, elements) => {
    expect(elementTexts(text)).toEqual(elements);
  });

  test('agrees with JSON.parse about any array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(3), (array, space) => {
        const text = JSON.stringify(array, null, space);
        expect(elementTexts(text).map((each): unknown => JSON.parse(each))).toEqual(JSON.parse(text));
      }),
    );
  });
});
