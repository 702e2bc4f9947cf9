import { expect, test } from '@jest/globals';
import { maxRuns, RunStore } from '../../../../operations/console/page/run-store.ts';
import type { Run } from '../../../../operations/deployment/runs.ts';

const run = (number: number, more: Partial<Run> = {}): Run => ({
  ...{ arn: `arn:${number}`, machine: 'dispatch', started: number, ended: number + 5, status: 'SUCCEEDED' },
  ...more,
});

const startsIn = (store: RunStore) => store.runs.map(({ started }) => started);

test('answers come in any order, and the latest run is first', () => {
  const store = new RunStore();
  store.add([run(3), run(1)]);
  store.add([run(2), run(5)]);
  store.add([run(4), run(0)]);
  expect(startsIn(store)).toEqual([5, 4, 3, 2, 1, 0]);
});

test('the beginning and the end of a run make one, whichever comes first', () => {
  const beginning = run(1, { ended: undefined, status: 'RUNNING' });
  const end = run(1, { started: undefined });
  for (const answers of [
    [beginning, end],
    [end, beginning],
  ]) {
    const store = new RunStore();
    for (const answer of answers) store.add([answer]);
    expect(store.runs).toEqual([run(1)]);
  }
});

test('an answer with nothing new leaves the list as it is', () => {
  const store = new RunStore();
  store.add([run(2), run(1)]);
  const before = store.runs;
  store.add([run(2)]);
  expect(store.runs).toBe(before);
});

test('the oldest runs make room for new ones', () => {
  const store = new RunStore();
  store.add(Array.from({ length: maxRuns }, (_, index) => run(index)));
  store.add([run(maxRuns)]);
  expect([store.runs.length, store.runs[0]?.started, store.runs.at(-1)?.started]).toEqual([maxRuns, maxRuns, 1]);
});
