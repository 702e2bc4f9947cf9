import { describe, expect, test } from '@jest/globals';
import { SessionConflict, Throttled, UpstreamFailed, UpstreamUnavailable } from '../../../functions/aws/errors.ts';
import { backOff, retry } from '../../../functions/aws/retry.ts';

/** Delays that end at once and are kept, the longest that jitter allows. */
const waiting = () => {
  const delays: number[] = [];
  return { delays, delay: (milliseconds: number) => Promise.resolve(void delays.push(milliseconds)), random: () => 1 };
};

/** A call that fails so often before it answers, and the delays in between. */
const failing = (times: number, error: Error) => {
  const { delays, ...tools } = waiting();
  let calls = 0;
  const call = () => {
    calls += 1;
    return calls <= times ? Promise.reject(error) : Promise.resolve('answer');
  };
  return { delays, answer: retry(call, tools), calls: () => calls };
};

describe('a retried call', () => {
  test.each([
    [0, []],
    [1, [100]],
    [4, [100, 200, 400, 800]],
  ])('that is throttled %d times answers after delays of at most %j ms', async (times, delays) => {
    const call = failing(times, new Throttled('x'));
    expect(await call.answer).toBe('answer');
    expect(call.delays).toEqual(delays);
  });

  test.each([new Throttled('x'), new UpstreamUnavailable('x')])('is made five times at most', async (error) => {
    const call = failing(5, error);
    await expect(call.answer).rejects.toBe(error);
    expect([call.calls(), call.delays.length]).toEqual([5, 4]);
  });

  test.each([new UpstreamFailed('x'), new SessionConflict(), new TypeError('x')])(
    'is made once when %s will not pass',
    async (error) => {
      const call = failing(1, error);
      await expect(call.answer).rejects.toBe(error);
      expect(call.calls()).toBe(1);
    },
  );
});

describe('a delay', () => {
  test.each([
    [1, 0, 0],
    [1, 0.5, 50],
    [2, 0.5, 100],
    [5, 1, 1600],
    [6, 1, 2000],
    [60, 1, 2000],
  ])('after %d failures with %d of its jitter lasts %d ms', async (attempt, random, milliseconds) => {
    const { delays, ...tools } = waiting();
    await backOff(attempt, { ...tools, random: () => random });
    expect(delays).toEqual([milliseconds]);
  });
});
