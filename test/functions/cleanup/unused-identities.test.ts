import { describe, expect, test } from '@jest/globals';
import { chunks } from '../../../functions/cleanup/unused-identities.ts';

describe('the pieces of a list', () => {
  test.each([
    [0, []],
    [59, [59]],
    [60, [60]],
    [61, [60, 1]],
    [121, [60, 60, 1]],
  ])('of %d have the sizes %j', (length, sizes) => {
    const list = Array.from({ length }, (_, index) => index);
    const pieces = chunks(list, 60);
    expect(pieces.map((piece) => piece.length)).toEqual(sizes);
    expect(pieces.flat()).toEqual(list);
  });
});
