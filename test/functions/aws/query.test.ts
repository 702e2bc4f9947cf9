import { describe, expect, test } from '@jest/globals';
import { checkQuery } from '../../../functions/aws/query.ts';

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
