import { describe, expect, test } from '@jest/globals';
import { handle, handler } from '../../../functions/plan-cleanup/handler.ts';

const plan = (request: unknown) => handle({ now: () => 1_000_000 })({ request });

describe('the plan of a cleanup', () => {
  test('has a shard for every hex digit', () => {
    expect(plan({}).shards.join('')).toBe('0123456789abcdef');
  });

  test.each([
    [{}, 20],
    [{ budgetSeconds: 240 }, 240],
    [{ budgetSeconds: '270', body: '{"x":1}' }, 270],
    [{ budgetSeconds: 1 }, 1],
  ])('gives %j a deadline in %d seconds', (request, seconds) => {
    expect(plan(request).deadline).toBe(1_000_000 + seconds * 1000);
  });

  test.each([0, 271, '', '1e2', null, 1.5, -20])('refuses a budget of %j', (budgetSeconds) => {
    expect(() => plan({ budgetSeconds })).toThrow('must be an integer from 1 to 270');
  });

  test.each([
    ['body', { body: '[1]' }],
    ['request', null],
    ['request', undefined],
  ])('refuses a wrong %s', (field, request) => {
    expect(() => plan(request)).toThrow(`${field} is `);
  });

  test('is made from the real time', async () => {
    const { deadline } = await handler({ request: { budgetSeconds: 10 } }, { getRemainingTimeInMillis: () => 1000 });
    expect(deadline - Date.now()).toBeGreaterThan(5000);
    expect(deadline - Date.now()).toBeLessThanOrEqual(10_000);
  });
});
