import { beforeAll, describe, expect, test } from '@jest/globals';
import { startStack } from '../acceptance/stack.ts';
import { faultCases } from './fault-cases.ts';
import type { FaultCase } from './fault-cases.ts';
import { FaultMatrix, faultTable } from './fault-matrix.ts';
import { expectTable } from './fault-page.ts';
import type { Outcome } from './fault-matrix.ts';

/** With `FAULTS=all`, as in CI, all of them; otherwise one of those that end alike, of those that do not wait. */
const isAll = process.env['FAULTS'] === 'all';
const ending = ({ messages, halved, poison, reasons, large }: FaultCase): string =>
  JSON.stringify([messages, halved, poison, reasons, large]);
const quick = faultCases.filter(({ waits }) => !waits);
const chosen = isAll ? faultCases : [...Map.groupBy(quick, ending).values()].flatMap((alike) => alike.slice(-1));

// The matrix brings its own failures, one at a time: also `WORST_CASE=1` adds none.
const stack = await startStack({ worstCase: false });
const results: { readonly of: FaultCase; readonly outcome: Outcome }[] = [];

beforeAll(async () => {
  const matrix = new FaultMatrix(stack);
  for (const of of chosen) {
    results.push({ of, outcome: await matrix.run(of) });
  }
}, 600_000);

const outcomeOf = (one: FaultCase): Outcome => {
  const result = results.find(({ of }) => of === one);
  if (!result) throw new Error(`${one.name} has not run`);
  return result.outcome;
};

const phoneGets = ['phone account', 'phone user'];
const deskGets = ['desk account', 'desk user', 'desk session'];

const allOf = ({ queueDeleted }: FaultCase): readonly string[] =>
  queueDeleted ? deskGets : [...deskGets, ...phoneGets];

const named = chosen.map((one) => [one.name, one] as const);

describe('when', () => {
  test.each(named)('%s: every record is where it belongs', (_name, one) => {
    const { messages, poison, reasons } = outcomeOf(one);
    const { halved = one.messages } = one;
    expect(messages.map(({ places }) => [...places].sort())).toEqual(
      [one.messages, halved, halved].map((places) => [...places].sort()),
    );
    expect(poison.places).toEqual(one.poison);
    expect(reasons).toEqual(one.reasons ?? []);
  });

  test.each(named)('%s: each session has what it is due, in order, or it lies where it is not lost', (_name, one) => {
    const { received, missed } = outcomeOf(one);
    const { halved = one.messages } = one;
    const due = allOf(one).filter((each) => (each.endsWith('account') ? one.messages : halved).includes('delivered'));
    expect(received).toEqual(due);
    expect([...missed].sort()).toEqual(one.messages.includes('undelivered queue') ? [...allOf(one)].sort() : []);
  });

  test.each(named)('%s: the same id wherever a record is', (_name, one) => {
    const { messages, poison } = outcomeOf(one);
    expect([...messages, poison].map(({ ids }) => ids.length)).toEqual([1, 1, 1, 1]);
  });

  test.each(named)('%s: what comes afterwards arrives', (_name, one) => {
    expect(outcomeOf(one).movesOn).toBe(true);
  });
});

test('docs/dispatch.md shows where records are then', () => expectTable('fault table', faultTable(results), isAll));
