import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeRanges, encodeRanges } from '../../../functions/dispatch/dispatch.ts';

describe('ranges', () => {
  test.each<[number[], string]>([
    [[], ''],
    [[0], '0'],
    [[0, 1, 2], '0-2'],
    [[0, 2, 4], '0,2,4'],
    [[3, 4, 9, 11, 12, 13], '3-4,9,11-13'],
  ])('writes %j as %j', (numbers, text) => {
    expect(encodeRanges(numbers)).toBe(text);
    expect(decodeRanges(text)).toEqual(numbers);
  });

  test('reads back any ascending numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2000)), (numbers) => {
        numbers.sort((a, b) => a - b);
        expect(decodeRanges(encodeRanges(numbers))).toEqual(numbers);
      }),
    );
  });

  test.each(['1-', '-1', '2-1', '1,1', '3,2', '1,,2', 'a', '0-999999', '1.5', ' 1'])('refuses %j', (text) => {
    expect(() => decodeRanges(text)).toThrow(RangeError);
  });
});
