import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RunStore } from '../../operations/console/page/run-store.ts';
import { readExecutionEvent } from '../../operations/deployment/execution-events.ts';
import type { Run } from '../../operations/deployment/runs.ts';
import { RunList } from '../../operations/deployment/runs.ts';
import type { Measured } from '../measure.ts';

const count = 100_000;

/** Runs in an answer of the console's server. */
const pageSize = 500;

/** Updates with new runs, for the median of their times. */
const looks = 101;

const mebibyte = 1024 * 1024;

const arnOf = (number: number): string =>
  `arn:aws:states:eu-west-1:111122223333:express:sqs-browser-dev-dispatch:00000000-0000-4000-8000-${String(number).padStart(12, '0')}:1`;

/** The first and the last line of a run, as Step Functions logs them without data. */
const linesOf = (number: number): readonly string[] =>
  ['ExecutionStarted', 'ExecutionSucceeded'].map((type, index) =>
    JSON.stringify({
      ...{ id: String(index * 9 + 1), type, details: {}, previous_event_id: String(index * 8) },
      ...{ event_timestamp: String(1_800_000_000_000 + number * 10 + index * 5), execution_arn: arnOf(number) },
    }),
  );

const usedHeap = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
};

const readRuns = (lines: readonly string[]): readonly Run[] => {
  const list = new RunList('dispatch');
  for (const line of lines) {
    const event = readExecutionEvent(line);
    if (event) list.add(event);
  }
  return list.runs;
};

/** The pages of runs as JSON, as the console gets them: the latest first. */
const pagesOf = (runs: readonly Run[]): string[] =>
  Array.from({ length: Math.ceil(runs.length / pageSize) }, (_, index) =>
    JSON.stringify(runs.slice(index * pageSize, (index + 1) * pageSize)),
  );

const readPage = (text: string): readonly Run[] => JSON.parse(text) as readonly Run[];

const timed = (what: () => void): number => {
  const start = performance.now();
  what();
  return performance.now() - start;
};

/** What the console's server and its page do with 100,000 runs, on one core and without the network and AWS in between. */
export const measureRuns = (): Measured => {
  const lines = Array.from({ length: count }, (_, number) => linesOf(number)).flat();
  let runs: readonly Run[] = [];
  const reading = timed(() => (runs = readRuns(lines)));
  const pages = pagesOf(runs);
  const before = usedHeap();
  const store = new RunStore();
  const filling = timed(() => {
    for (const page of pages) store.add(readPage(page));
  });
  const heap = usedHeap() - before;
  const times = Array.from({ length: looks }, (_, look) => {
    const fresh = readRuns([0, 1, 2, 3, 4].flatMap((index) => linesOf(count + look * 5 + index)));
    return timed(() => {
      store.add(fresh);
    });
  }).sort((a, b) => a - b);
  const name = `console, ${store.runs.length.toLocaleString('en')} runs`;
  return {
    figures: [
      { name: `${name}: reading their log`, value: Math.round(reading) / 1000, unit: 's' },
      { name: `${name}: taking them into the page`, value: Math.round(filling) / 1000, unit: 's' },
      {
        name: `${name}: memory of the page's list`,
        value: Math.round((10 * heap) / mebibyte) / 10,
        unit: 'MiB',
        aim: '< 64',
      },
      {
        name: `${name}: a look that finds five new`,
        value: Math.round(10 * (times[looks >> 1] ?? 0)) / 10,
        unit: 'ms',
        aim: '< 16',
      },
    ],
  };
};
