import { describe, expect, jest, test } from '@jest/globals';
import { SessionConflict, Throttled, UpstreamFailed, UpstreamUnavailable } from '../../../functions/aws/failures.ts';
import { backOff, retry } from '../../../functions/aws/retry.ts';
import { addUp, newTally } from '../../../functions/cleanup/sweep-result.ts';
import { chunks } from '../../../functions/cleanup/unused-identities.ts';

/** A call that fails so often before it answers, and what it was paused by. */
const failing = (times: number, error: Error) => {
  const pauses: number[] = [];
  let calls = 0;
  const call = () => {
    calls += 1;
    return calls <= times ? Promise.reject(error) : Promise.resolve('answer');
  };
  const pause = (attempt: number) => Promise.resolve(void pauses.push(attempt));
  return { pauses, answer: retry(call, pause), calls: () => calls };
};

describe('a patient call', () => {
  test.each([
    [0, []],
    [1, [1]],
    [4, [1, 2, 3, 4]],
  ])('that is throttled %d times answers after pauses %j', async (times, pauses) => {
    const call = failing(times, new Throttled('x'));
    expect(await call.answer).toBe('answer');
    expect(call.pauses).toEqual(pauses);
  });

  test.each([new Throttled('x'), new UpstreamUnavailable('x')])('is made five times at most', async (error) => {
    const call = failing(5, error);
    await expect(call.answer).rejects.toBe(error);
    expect([call.calls(), call.pauses.length]).toEqual([5, 4]);
  });

  test.each([new UpstreamFailed('x'), new SessionConflict(), new TypeError('x')])(
    'is made once when %s will not pass',
    async (error) => {
      const call = failing(1, error);
      await expect(call.answer).rejects.toBe(error);
      expect(call.calls()).toBe(1);
    },
  );

  test.each([
    [1, 200],
    [3, 800],
  ])('is paused after %d attempts for at most %d ms', async (attempt, most) => {
    jest.useFakeTimers();
    try {
      const paused = backOff(attempt);
      await jest.advanceTimersByTimeAsync(most);
      await expect(paused).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('sweeps together', () => {
  test('come to the sum of what they removed', () => {
    const one = { sessionsRemoved: 1, queuesRemoved: 2, identitiesRemoved: 3, complete: true };
    const two = { sessionsRemoved: 10, queuesRemoved: 20, identitiesRemoved: 30, complete: false };
    expect(addUp([one, one])).toEqual({ sessionsRemoved: 2, queuesRemoved: 4, identitiesRemoved: 6, complete: true });
    expect(addUp([one, two])).toEqual({
      sessionsRemoved: 11,
      queuesRemoved: 22,
      identitiesRemoved: 33,
      complete: false,
    });
  });

  test('of which there are none are complete and have removed nothing', () => {
    expect(addUp([])).toEqual(newTally());
  });
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
