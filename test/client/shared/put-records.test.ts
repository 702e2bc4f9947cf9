import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StreamRecord } from '../../../client/shared/pending-records.ts';
import { isAccepted, putRecords, type PutRecordsResultEntry } from '../../../client/shared/put-records.ts';

const record = (partitionKey: string, bytes = 10): StreamRecord => ({ partitionKey, bytes });

const records = (count: number, keys = count): StreamRecord[] =>
  Array.from({ length: count }, (_, index) => record(String(index % keys)));

const refusal = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard' };

/** A stream that refuses the records for which `refuses` says so. Its waits are those of the policy 100, 200, 300 … */
const fakeStream = (refuses: (record: StreamRecord, call: number) => boolean = () => false) => {
  const calls: (readonly StreamRecord[])[] = [];
  const stored: StreamRecord[] = [];
  const waits: number[] = [];
  const send = (batch: readonly StreamRecord[]): Promise<PutRecordsResultEntry[]> => {
    calls.push(batch);
    return Promise.resolve(
      batch.map((each) => {
        if (refuses(each, calls.length)) return refusal;
        return { SequenceNumber: String(stored.push(each)), ShardId: 'shardId-0' };
      }),
    );
  };
  const wait = (milliseconds: number): Promise<unknown> => Promise.resolve(waits.push(milliseconds));
  const options = { send, wait, attempts: 4, retry: (attempt: number) => attempt * 100 };
  return { calls, stored, waits, options, sizes: () => calls.map(({ length }) => length) };
};

describe('a call takes', () => {
  test('500 records', async () => {
    const stream = fakeStream();
    const { results } = await putRecords(records(1_201), stream.options);
    expect(results.every(isAccepted)).toBe(true);
    expect(stream.sizes()).toEqual([500, 500, 201]);
  });

  test('10 MiB with the partition keys', async () => {
    const stream = fakeStream();
    await putRecords(
      Array.from({ length: 21 }, () => record('a', 1024 * 1024)),
      stream.options,
    );
    expect(stream.sizes()).toEqual([10, 10, 1]);
  });

  test('one record that is larger than that, for Kinesis to refuse', async () => {
    const stream = fakeStream();
    await putRecords([record('a', 11 * 1024 * 1024), record('b')], stream.options);
    expect(stream.sizes()).toEqual([1, 1]);
  });
});

test('makes no call for no records', async () => {
  const stream = fakeStream();
  expect(await putRecords([], stream.options)).toEqual({ results: [], error: undefined });
  expect(stream.calls).toEqual([]);
});

test('puts every record once and in order when none is refused', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 6_000_000 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(sizes, async (list) => {
      const stream = fakeStream();
      const given = list.map((bytes, index) => record(String(index), bytes));
      await putRecords(given, stream.options);
      expect(stream.stored).toEqual(given);
    }),
    { numRuns: 30 },
  );
});

describe('refused records', () => {
  test('are put again, and no others', async () => {
    const stream = fakeStream(({ partitionKey }, call) => ['b', 'd'].includes(partitionKey) && call === 1);
    const { results } = await putRecords(
      ['a', 'b', 'c', 'd'].map((key) => record(key)),
      stream.options,
    );
    expect(stream.calls.map((batch) => batch.map(({ partitionKey }) => partitionKey).join(''))).toEqual(['abcd', 'bd']);
    expect(results.map((result) => result?.SequenceNumber)).toEqual(['1', '3', '2', '4']);
  });

  test('are put again after longer and longer waits', async () => {
    const stream = fakeStream((_record, call) => call <= 3);
    await putRecords(records(2), stream.options);
    expect(stream.waits).toEqual([100, 200, 300]);
  });

  test('do not stop the others from being put', async () => {
    const stream = fakeStream(({ partitionKey }, call) => Number(partitionKey) >= call);
    const { results } = await putRecords(records(12), stream.options);
    expect(results.every(isAccepted)).toBe(true);
    expect(stream.sizes()).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('are given up after as many calls in a row that put none', async () => {
    const stream = fakeStream(({ partitionKey }) => partitionKey === '1');
    const { results, error } = await putRecords(records(3), stream.options);
    expect(results).toEqual([expect.objectContaining({ ShardId: 'shardId-0' }), refusal, expect.anything()]);
    expect(error).toBeUndefined();
    expect(stream.sizes()).toEqual([3, 1, 1, 1, 1]);
  });

  test('are not overtaken by records of the same key when order is asked for', async () => {
    const refused = new Map<StreamRecord, number>();
    const stream = fakeStream((each) => {
      const times = refused.get(each) ?? 0;
      refused.set(each, times + 1);
      return times < given.indexOf(each) % 3;
    });
    const given = records(60, 4);
    await putRecords(given, { ...stream.options, ordered: true });
    for (const key of ['0', '1', '2', '3']) {
      const ofKey = (list: readonly StreamRecord[]) => list.filter(({ partitionKey }) => partitionKey === key);
      expect(ofKey(stream.stored)).toEqual(ofKey(given));
    }
    expect(Math.max(...stream.sizes())).toBe(4);
  });
});

test('says what is on the stream when a call fails', async () => {
  const stream = fakeStream();
  const failure = new Error('No such stream');
  const send = (batch: readonly StreamRecord[]) =>
    stream.calls.length === 1 ? Promise.reject(failure) : stream.options.send(batch);
  const { results, error } = await putRecords(records(600), { ...stream.options, send });
  expect(results.filter(isAccepted)).toHaveLength(500);
  expect(results[500]).toBeUndefined();
  expect(error).toBe(failure);
});
