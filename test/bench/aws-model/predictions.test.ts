import { describe, expect, test } from '@jest/globals';
import { broadcastRows, latencyRows, messagesPerShard, modelOf } from '../../../bench/aws-model/predictions.ts';
import { readResults } from '../../../bench/results.ts';

const model = modelOf(readResults().recording);

describe('the predictions from the recorded run', () => {
  test('are for every operation a user waits for', () => {
    const names = latencyRows(model).map(({ name }) => name);
    const waited = ['create', 'renew', 'status', 'destroy', 'notify → client', 'Kinesis → client'];
    expect(names).toEqual(expect.arrayContaining([...waited, 'Kinesis with enhanced fan-out → client']));
  });

  test('are longer cold than warm, and at the 99th percentile than at the median', () => {
    for (const { warm, cold } of latencyRows(model)) {
      expect(cold.p50).toBeGreaterThan(warm.p50);
      expect(warm.p99).toBeGreaterThan(warm.p50);
    }
  });

  test('reach the last session later the more there are', () => {
    const rows = broadcastRows(model);
    expect(rows[0]?.sessions).toBe(1000);
    const seconds = rows.map((row) => row.seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  test('give a shard no more than it takes', () => {
    expect(messagesPerShard(model)).toBeGreaterThan(100);
    expect(messagesPerShard(model, { cpuFactor: 0.01 })).toBeLessThanOrEqual(1000);
  });
});

test('an operation that was not recorded is named', () => {
  expect(() => model.operation('nothing')).toThrow('The recording has no operation "nothing": run npm run bench');
});
