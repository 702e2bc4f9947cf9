import { describe, expect, test } from '@jest/globals';
import { groupCalls, sharedCalls } from '../../../bench/aws-model/call-groups.ts';

const seen = (call: string, begin: number, end: number) => ({ call, begin, end });

describe('the calls of a run', () => {
  test('wait for the one that had ended last when they began', () => {
    expect(groupCalls([seen('a', 0, 10), seen('b', 11, 20), seen('c', 12, 30), seen('d', 21, 40)])).toEqual([
      { call: 'a', after: -1, times: 1, atOnce: 1 },
      { call: 'b', after: 0, times: 1, atOnce: 1 },
      { call: 'c', after: 0, times: 1, atOnce: 1 },
      { call: 'd', after: 1, times: 1, atOnce: 1 },
    ]);
  });

  test('are one group while they overlap, with the most that were under way at once', () => {
    expect(groupCalls([seen('a', 0, 10), seen('a', 1, 11), seen('a', 10, 20), seen('a', 21, 30)])).toEqual([
      { call: 'a', after: -1, times: 3, atOnce: 2 },
      { call: 'a', after: 0, times: 1, atOnce: 1 },
    ]);
  });

  test('keep the executions that they waited for', () => {
    const execution = { events: 4, states: [] };
    expect(groupCalls([{ ...seen('a', 0, 10), execution }])[0]?.executions).toEqual([execution]);
  });
});

test('calls of many runs at once are shared: the commonest side by side, the others one after the other', () => {
  const counts = new Map([
    ['query', 11],
    ['send', 250],
  ]);
  expect(sharedCalls(counts, { runs: 10, atOnce: 64 })).toEqual([
    { call: 'query', after: -1, times: 1, atOnce: 1 },
    { call: 'send', after: 0, times: 25, atOnce: 64 },
  ]);
});
