import { describe, expect, test } from '@jest/globals';
import { chunks, createLimit, forEachAtOnce } from '../../../functions/aws/concurrency.ts';

describe('work at once', () => {
  test('is begun in order and never exceeds its limit', async () => {
    const begun: number[] = [];
    let atOnce = 0;
    let most = 0;
    await forEachAtOnce([0, 1, 2, 3, 4, 5, 6], 3, async (item, index) => {
      expect(index).toBe(item);
      begun.push(item);
      most = Math.max(most, ++atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
    });
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  test('fails with the first failure', async () => {
    const failing = forEachAtOnce([1, 2], 1, (item) => Promise.reject(new Error(`failure ${item}`)));
    await expect(failing).rejects.toThrow('failure 1');
  });

  test('is nothing for no items', async () => {
    await expect(forEachAtOnce([], 5, () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
  });
});

test('calls beyond a limit wait for one that has ended, also by a failure', async () => {
  const limited = createLimit(2);
  const begun: number[] = [];
  let atOnce = 0;
  let most = 0;
  const call = (number: number) => async () => {
    begun.push(number);
    most = Math.max(most, ++atOnce);
    await new Promise(setImmediate);
    atOnce -= 1;
    if (number === 1) throw new Error('failure 1');
    return number;
  };
  const ended = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => limited(call(number))));
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
  await expect(limited(call(5))).resolves.toBe(5);
});

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
