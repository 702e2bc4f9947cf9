import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packBatches } from '../../../functions/dispatch/batches.ts';
import { batchEntries, batchPayload } from '../../../functions/dispatch/limits.ts';

const own = (size: number): number => size;

/** The least number of calls that keep the order, found by trying every division. */
const leastCalls = (sizes: readonly number[]): number => {
  const least = [0];
  for (let end = 1; end <= sizes.length; end += 1) {
    let best = Infinity;
    let payload = 0;
    for (let start = end - 1; start >= 0 && end - start <= batchEntries; start -= 1) {
      payload += sizes[start] ?? 0;
      if (payload > batchPayload && end - start > 1) break;
      best = Math.min(best, (least[start] ?? 0) + 1);
    }
    least.push(best);
  }
  return least.at(-1) ?? 0;
};

describe('packing of batches', () => {
  test.each<[string, number[], number[][]]>([
    ['nothing into no call', [], []],
    ['ten into one call', Array<number>(10).fill(1), [Array<number>(10).fill(1)]],
    ['eleven into two calls', Array<number>(11).fill(1), [Array<number>(10).fill(1), [1]]],
    ['what fits exactly into one call', [batchPayload - 1, 1], [[batchPayload - 1, 1]]],
    ['one byte too many into two calls', [batchPayload, 1], [[batchPayload], [1]]],
    ['what is too large for any call into one of its own', [1, batchPayload + 1, 1], [[1], [batchPayload + 1], [1]]],
  ])('puts %s', (_, sizes, batches) => {
    expect(packBatches(sizes, own)).toEqual(batches);
  });

  test('keeps order and bounds with the least possible calls', () => {
    const size = fc.oneof(fc.nat(300), fc.integer({ min: 100_000, max: 205_000 }), fc.nat(batchPayload));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
        const batches = packBatches(sizes, own);
        expect(batches.flat()).toEqual(sizes);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(batchEntries);
          expect(batch.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(batchPayload);
        }
        expect(batches.length).toBe(leastCalls(sizes));
      }),
    );
  });
});
