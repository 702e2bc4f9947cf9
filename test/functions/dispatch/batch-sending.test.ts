import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  packOutgoing,
  sendToQueue,
  type Outgoing,
  type SendAnswer,
  type Sending,
} from '../../../functions/dispatch/batch-sending.ts';
import { decodeRanges } from '../../../functions/dispatch/ranges.ts';

const outgoing = (count: number): Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    bytes: 100,
    entry: { id: String(index), body: `b${index}`, messageId: `m${index}`, sentAt: 0 },
  }));

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
  test('waits longer before each attempt, up to two seconds', async () => {
    const { sending, delays } = script(['transient', 'transient', 'transient']);
    await sendToQueue('q', packOutgoing(outgoing(1)), sending);
    expect(delays).toEqual([100, 200, 400]);
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
