import { describe, expect, test } from '@jest/globals';
import { addUp, newTally } from '../../../functions/cleanup/sweep-result.ts';

describe('sweeps together', () => {
  test('add up to the sum of what they removed', () => {
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
