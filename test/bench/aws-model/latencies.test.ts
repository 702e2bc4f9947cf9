import { describe, expect, test } from '@jest/globals';
import { calls, latencyOf, sample, sampleStandardRead, steps } from '../../../bench/aws-model/latencies.ts';
import { quantile } from '../../../bench/quantiles.ts';
import { seededRandom } from '../../dispatch/scenario.ts';

describe('a time', () => {
  test.each(Object.entries({ ...steps, ...calls }))('of %s has a source or is said to be assumed', (_name, latency) => {
    expect(latency.source).toMatch(/^(https:\/\/|assumed)/);
    expect(latency.p99).toBeGreaterThan(latency.p50);
  });

  test('is drawn with its median and its 99th percentile', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => sample({ p50: 10, p99: 40, source: '' }, random));
    expect(quantile(drawn, 0.5)).toBeCloseTo(10, 0);
    expect(Math.abs(quantile(drawn, 0.99) - 40)).toBeLessThan(2);
  });

  test('from the stream to the function has the percentiles of its source', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => sampleStandardRead(random));
    expect(Math.abs(quantile(drawn, 0.1) - 267)).toBeLessThan(10);
    expect(Math.abs(quantile(drawn, 0.5) - 627)).toBeLessThan(10);
    expect(Math.abs(quantile(drawn, 0.9) - 965)).toBeLessThan(10);
  });
});

test('a call without a latency is named', () => {
  expect(() => latencyOf('sqs:AddPermission')).toThrow('The model has no latency of sqs:AddPermission');
});
