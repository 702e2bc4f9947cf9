import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeRanges } from '../../../functions/dispatch/dispatch.ts';
import {
  packBatches,
  sendToQueue as sendTo,
  type Outgoing,
  type SendAnswer,
  type Sending,
} from '../../../functions/dispatch/queue-sender.ts';

const outgoing = (count: number): Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    bytes: 100,
    entry: { id: String(index), body: `b${index}`, messageId: `m${index}`, sentAt: 0 },
  }));

const packOutgoing = (messages: readonly Outgoing[]): Outgoing[][] => packBatches(messages, ({ bytes }) => bytes);

const sendToQueue = (url: string, batches: readonly (readonly Outgoing[])[], sending: Sending, isNew = false) =>
  sendTo({ url, isNew }, batches, sending);

type Step = 'accept' | 'transient' | 'refuse' | 'gone' | { failed: readonly string[]; senderFault: boolean };

/** Answers calls by steps, and accepts everything when they are used up. */
const script = (steps: readonly Step[]) => {
  const left = [...steps];
  const calls: string[][] = [];
  const accepted: string[] = [];
  const delays: number[] = [];
  const answer = (ids: readonly string[]): SendAnswer => {
    const step = left.shift() ?? 'accept';
    if (step === 'gone') return { type: 'gone' };
    if (step === 'transient' || step === 'refuse')
      return { type: 'refused', reason: step, transient: step === 'transient' };
    const failed = step === 'accept' ? [] : ids.filter((id) => step.failed.includes(id));
    accepted.push(...ids.filter((id) => !failed.includes(id)));
    return {
      type: 'answered',
      failed: failed.map((id) => ({ id, code: 'code', senderFault: step !== 'accept' && step.senderFault })),
    };
  };
  const sending: Sending = {
    send: (_, entries) => {
      const ids = entries.map(({ id }) => id);
      calls.push(ids);
      return Promise.resolve(answer(ids));
    },
    delay: (milliseconds) => Promise.resolve(delays.push(milliseconds)),
    now: () => 0,
    random: () => 1,
    deadline: 1,
  };
  return { sending, calls, accepted, delays };
};

const missing = (undelivered: readonly { messages: string }[]): number[] =>
  undelivered.flatMap(({ messages }) => decodeRanges(messages));

describe('sending to a queue', () => {
  test('waits for a new queue longer than the second that SQS asks for, whatever the jitter', async () => {
    const { sending, delays } = script(Array<Step>(6).fill('gone'));
    await sendToQueue('q', packOutgoing(outgoing(1)), { ...sending, random: () => 0 }, true);
    expect(delays).toEqual([100, 200, 400, 800, 1600]);
  });

  test('gives up after five attempts', async () => {
    const { sending, calls } = script(Array<Step>(9).fill('transient'));
    expect(await sendToQueue('q', packOutgoing(outgoing(12)), sending)).toEqual({
      accepted: [],
      gone: false,
      undelivered: [{ messages: '0-11', reason: 'transient' }],
    });
    expect(calls).toHaveLength(5);
  });

  test('ends at once when the queue is gone', async () => {
    const { sending, calls } = script(['gone']);
    expect(await sendToQueue('q', packOutgoing(outgoing(12)), sending)).toMatchObject({ gone: true });
    expect(calls).toHaveLength(1);
  });

  test('tries a new queue again that is not there yet', async () => {
    const { sending, accepted } = script(['gone', 'gone', 'gone']);
    expect(await sendToQueue('q', packOutgoing(outgoing(2)), sending, true)).toMatchObject({
      gone: false,
      undelivered: [],
    });
    expect(accepted).toEqual(['0', '1']);
  });

  test('never counts a new queue as gone, so that what it does not get is undelivered', async () => {
    const { sending, calls } = script(Array<Step>(20).fill('gone'));
    expect(await sendToQueue('q', packOutgoing(outgoing(12)), sending, true)).toEqual({
      accepted: [],
      gone: false,
      undelivered: [{ messages: '0-11', reason: 'QueueDoesNotExist' }],
    });
    expect(calls).toHaveLength(6);
  });

  test('makes no call once the time is up', async () => {
    const { sending, calls } = script([]);
    const outcome = await sendToQueue('q', packOutgoing(outgoing(12)), { ...sending, deadline: 0 });
    expect(outcome).toEqual({ accepted: [], gone: false, undelivered: [{ messages: '0-11', reason: 'OutOfTime' }] });
    expect(calls).toEqual([]);
  });

  test('makes no call for nothing', async () => {
    const { sending, calls } = script([]);
    expect(await sendToQueue('q', [], sending)).toEqual({ accepted: [], gone: false, undelivered: [] });
    expect(calls).toEqual([]);
  });

  test('never sends a message before one of an earlier batch is settled, and accounts for all', async () => {
    const id = fc.nat(30).map(String);
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 4, arbitrary: fc.constant<Step>('accept') },
      { weight: 2, arbitrary: fc.constant<Step>('transient') },
      fc.constantFrom<Step>('refuse', 'gone'),
      { weight: 3, arbitrary: fc.record({ failed: fc.array(id, { maxLength: 5 }), senderFault: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 31 }), async (steps, count) => {
        const { sending, calls, accepted } = script(steps);
        const outcome = await sendToQueue('q', packOutgoing(outgoing(count)), sending);
        expect(outcome.accepted.map(({ entry }) => entry.id)).toEqual(accepted);
        const batches = calls.map((ids) => Math.floor(Number(ids[0]) / 10));
        expect(batches).toEqual([...batches].sort((a, b) => a - b));
        expect(new Set(accepted).size).toBe(accepted.length);
        const undelivered = missing(outcome.undelivered);
        if (outcome.gone) expect(undelivered).toEqual([]);
        else
          expect([...accepted.map(Number), ...undelivered].sort((a, b) => a - b)).toEqual(
            outgoing(count).map(({ index }) => index),
          );
      }),
      { numRuns: 500 },
    );
  });
});

/** SQS's limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxEntries = 10;
const maxBytes = 1_048_576;
/** What fills a call, with the room that packing leaves. */
const full = maxBytes - 1024;

/** The least number of calls that keep the order, found by trying every division. */
const minCalls = (sizes: readonly number[]): number => {
  const least = [0];
  for (let end = 1; end <= sizes.length; end += 1) {
    let best = Infinity;
    let payload = 0;
    for (let start = end - 1; start >= 0 && end - start <= maxEntries; start -= 1) {
      payload += sizes[start] ?? 0;
      if (payload > full && end - start > 1) break;
      best = Math.min(best, (least[start] ?? 0) + 1);
    }
    least.push(best);
  }
  return least.at(-1) ?? 0;
};

describe('packing of batches', () => {
  const own = (size: number): number => size;

  test.each<[string, number[], number[][]]>([
    ['nothing into no call', [], []],
    ['ten into one call', Array<number>(10).fill(1), [Array<number>(10).fill(1)]],
    ['eleven into two calls', Array<number>(11).fill(1), [Array<number>(10).fill(1), [1]]],
    ['what fits exactly into one call', [full - 1, 1], [[full - 1, 1]]],
    ['one byte too many into two calls', [full, 1], [[full], [1]]],
    ['what is too large for any call into one of its own', [1, full + 1, 1], [[1], [full + 1], [1]]],
  ])('puts %s', (_, sizes, batches) => {
    expect(packBatches(sizes, own)).toEqual(batches);
  });

  test('keeps order and bounds with the least possible calls', () => {
    const size = fc.oneof(fc.nat(300), fc.integer({ min: 100_000, max: 205_000 }), fc.nat(full));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
        const batches = packBatches(sizes, own);
        expect(batches.flat()).toEqual(sizes);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(maxEntries);
          expect(batch.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(full);
        }
        expect(batches.length).toBe(minCalls(sizes));
      }),
    );
  });
});
