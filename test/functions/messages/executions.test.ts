import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planExecutions, type Received } from '../../../functions/messages/executions.ts';
import { executionLimit } from '../../../functions/messages/limits.ts';
import { jsonBytes } from '../../../functions/messages/message.ts';

function received(...messages: readonly [accountId: number, size: number][]): Received[] {
  return messages.map(([accountId, size], position) => ({
    position,
    message: { messageId: `m${position}`, sentAt: 0, accountId, body: 'x'.repeat(size) },
  }));
}

const positions = (lanes: Received[][][] | ReturnType<typeof planExecutions>): number[][][] =>
  lanes.map((lane) => lane.map((load) => load.map(({ position }) => position)));

describe('executions of a batch', () => {
  test.each<[string, Received[], number[][][]]>([
    ['are none for no messages', [], []],
    [
      'are one for a few messages, those of an account together',
      received([1, 9], [2, 9], [1, 9], [2, 9]),
      [[[0, 2, 1, 3]]],
    ],
    ['keep an account in one where it fits', received([1, 60_000], [2, 30_000], [2, 30_000]), [[[0]], [[1, 2]]]],
    ['of one account follow each other', received([1, 60_000], [1, 60_000], [1, 20_000]), [[[0], [1, 2]]]],
    ['of accounts that share one follow each other', received([1, 60_000], [1, 60_000], [2, 20_000]), [[[0], [1, 2]]]],
    ['of other accounts go at once', received([1, 90_000], [2, 90_000], [3, 90_000]), [[[0]], [[1]], [[2]]]],
  ])('%s', (_, messages, lanes) => {
    expect(positions(planExecutions(messages))).toEqual(lanes);
  });

  test('hold everything once, in order within an account, within the limit', () => {
    const message = fc.tuple(fc.nat(5), fc.oneof(fc.nat(500), fc.nat(executionLimit - 200)));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (sizes) => {
        const all = received(...sizes);
        const lanes = planExecutions(all);
        const flat = lanes.flat(2);
        expect(flat.map(({ position }) => position).sort((a, b) => a - b)).toEqual(all.map(({ position }) => position));
        for (const account of new Set(sizes.map(([accountId]) => accountId))) {
          const of = (list: readonly Received[]) => list.filter(({ message: { accountId } }) => accountId === account);
          expect(of(flat)).toEqual(of(all));
          // An account never runs in two lanes at once.
          expect(lanes.filter((lane) => of(lane.flat()).length > 0).length).toBe(1);
          const size = of(all).reduce((sum, each) => sum + jsonBytes(each.message) + 1, 0);
          if (size <= executionLimit) expect(lanes.flat().filter((load) => of(load).length > 0).length).toBe(1);
        }
        for (const load of lanes.flat()) {
          expect(load.length).toBeGreaterThan(0);
          expect(jsonBytes(load.map((each) => each.message))).toBeLessThanOrEqual(executionLimit + 1);
        }
      }),
    );
  });
});
