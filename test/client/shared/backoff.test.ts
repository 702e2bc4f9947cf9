import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fullJitter } from '../../../client/shared/backoff.ts';

test('the longest wait doubles with every failure up to the cap', () => {
  const longest = fullJitter({ base: 100, cap: 1_000, random: () => 1 });
  expect([1, 2, 3, 4, 5, 6, 2_000].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
});

test('the jitter is full: a wait is anything from nothing to the longest', () => {
  expect(fullJitter({ random: () => 0 })(9)).toBe(0);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (attempt) => {
      const wait = fullJitter()(attempt);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** (attempt - 1)));
    }),
  );
});
