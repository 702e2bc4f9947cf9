import { expect, test } from '@jest/globals';
import { perMillionPairs, poolMonth } from '../../../bench/cost/pool.ts';

test('a pool costs its metric and its alarms, a look a minute, and more the more pairs are read', () => {
  expect(poolMonth(0)).toBeGreaterThan(0.5);
  expect(poolMonth(2000)).toBeLessThan(1.5);
  expect(poolMonth(4000) - poolMonth(2000)).toBeCloseTo(poolMonth(2000) - poolMonth(0));
});

test('a pair costs at least its queue and the two writes of its item', () => {
  expect(perMillionPairs()).toBeGreaterThan(0.4 + 2 * 0.625);
  expect(perMillionPairs()).toBeLessThan(3);
});
