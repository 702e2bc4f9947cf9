import { beforeAll, describe, expect, test } from '@jest/globals';
import { startStack } from '../acceptance/stack.ts';
import { expectTable } from './fault-page.ts';
import { publishCases } from './publish-fault-cases.ts';
import type { PublishCase } from './publish-fault-cases.ts';
import { PublishFaults, publishTable } from './publish-faults.ts';
import type { PublishOutcome } from './publish-faults.ts';

/** With `FAULTS=all`, as in CI, all of them; otherwise one of those that end alike. */
const isAll = process.env['FAULTS'] === 'all';
const ending = ({ answer, then, atLast }: PublishCase): string => JSON.stringify([answer, then, atLast]);
const chosen = isAll
  ? publishCases
  : [...Map.groupBy(publishCases, ending).values()].flatMap((alike) => alike.slice(-1));

// The matrix brings its own failures, one at a time: also `WORST_CASE=1` adds none.
const stack = await startStack({ worstCase: false });
const results: { readonly of: PublishCase; readonly outcome: PublishOutcome }[] = [];

beforeAll(async () => {
  const faults = new PublishFaults(stack);
  for (const of of chosen) results.push({ of, outcome: await faults.run(of) });
}, 600_000);

const outcomeOf = (one: PublishCase): PublishOutcome => {
  const result = results.find(({ of }) => of === one);
  if (!result) throw new Error(`${one.name} has not run`);
  return result.outcome;
};

const named = chosen.map((one) => [one.name, one] as const);

describe('when', () => {
  test.each(named)('%s: the answer names the events that were not sent, and a repeat sends those', (_name, one) => {
    const { answer, then, atLast } = one;
    expect(outcomeOf(one)).toMatchObject({ answer, then, atLast });
  });

  test.each(named)('%s: each event has one id, in the answer and wherever it is', (_name, one) => {
    const { ids, found } = outcomeOf(one);
    expect(new Set(ids).size).toBe(2);
    expect(found).toEqual(ids);
  });

  test.each(named)('%s: events keep their order', (_name, one) => {
    const { order, texts } = outcomeOf(one);
    expect(order).toEqual(texts);
  });

  test.each(named)('%s: the wrong event is rejected', (_name, one) => {
    const { wrong } = outcomeOf(one);
    expect(wrong.length).toBeGreaterThan(0);
    for (const result of wrong) expect(result).toEqual({ status: 'rejected', error: 'InvalidRequest' });
  });
});

test('docs/dispatch.md shows what a publish call is answered', () =>
  expectTable('publish table', publishTable(results), isAll));
