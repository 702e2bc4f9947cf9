import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Put, StreamPut } from '../../../operations/redrive/put-back.ts';
import { createPut } from '../../../operations/redrive/stream.ts';

const record = (name: string, bytes = 10): StreamPut => ({ data: Buffer.alloc(bytes), partitionKey: name });

interface Stream {
  readonly put: Put;
  readonly calls: string[][];
  readonly delays: number[];
}

/** A stream that refuses each record as often as `refusals` says. */
const stream = (refusals: Readonly<Record<string, number>> = {}): Stream => {
  const left = new Map(Object.entries(refusals));
  const calls: string[][] = [];
  const delays: number[] = [];
  const putCall: Put = (records) => {
    const names = records.map(({ partitionKey }) => partitionKey);
    calls.push(names);
    return Promise.resolve(
      names.map((name) => {
        const times = left.get(name) ?? 0;
        left.set(name, times - 1);
        return times > 0 ? undefined : `#${name}`;
      }),
    );
  };
  const delay = (milliseconds: number): Promise<unknown> => Promise.resolve(delays.push(milliseconds));
  return { put: createPut(putCall, { delay, random: () => 1 }), calls, delays };
};

describe('putting records on the stream', () => {
  test('takes one call for 500 records', async () => {
    const { put, calls } = stream();
    const names = Array.from({ length: 1001 }, (_, index) => String(index));
    expect(await put(names.map((name) => record(name)))).toEqual(names.map((name) => `#${name}`));
    expect(calls.map(({ length }) => length)).toEqual([500, 500, 1]);
  });

  test('takes no more bytes in a call than Kinesis allows', async () => {
    const { put, calls } = stream();
    await put(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => record(name, 1_000_000)));
    expect(calls).toEqual([
      ['a', 'b', 'c', 'd'],
      ['e', 'f'],
    ]);
  });

  test('puts only what was refused again, waiting longer each time', async () => {
    const { put, calls, delays } = stream({ b: 2, c: 1 });
    expect(await put(['a', 'b', 'c'].map((name) => record(name)))).toEqual(['#a', '#b', '#c']);
    expect(calls).toEqual([['a', 'b', 'c'], ['b', 'c'], ['b']]);
    expect(delays).toEqual([200, 400]);
  });

  test('gives up after eight attempts and says which were not accepted', async () => {
    const { put, calls, delays } = stream({ b: Infinity });
    expect(await put(['a', 'b'].map((name) => record(name)))).toEqual(['#a', undefined]);
    expect(calls).toHaveLength(8);
    expect(Math.max(...delays)).toBe(5000);
  });

  test('makes no call for no records', async () => {
    const { put, calls } = stream();
    expect([await put([]), calls]).toEqual([[], []]);
  });

  test('puts every record exactly once, in order, when nothing is refused', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (list) => {
        const { put, calls } = stream();
        await put(list.map((size, index) => record(String(index), size)));
        expect(calls.flat()).toEqual(list.map((_, index) => String(index)));
      }),
      { numRuns: 30 },
    );
  });
});
