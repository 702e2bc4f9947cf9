import { expect, test } from '@jest/globals';
import { isNewQueue } from '../../../operations/deployment/new-queue.ts';

test('a queue may be new for the first minute of its session', () => {
  const createdAt = 1_800_000_000;
  expect(isNewQueue(createdAt, createdAt * 1000)).toBe(true);
  expect(isNewQueue(createdAt, (createdAt + 59) * 1000)).toBe(true);
  expect(isNewQueue(createdAt, (createdAt + 60) * 1000)).toBe(false);
});
