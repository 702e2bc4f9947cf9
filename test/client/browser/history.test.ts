import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { IDBFactory } from 'fake-indexeddb';
import { eventHistory, type EventHistory, type HistoryOptions } from '../../../client/browser/history.ts';
import { FakeClock } from './fake-clock.ts';

const queue = 'https://sqs.eu-west-1.amazonaws.com/000000000000/one';
const other = 'https://sqs.eu-west-1.amazonaws.com/000000000000/other';

let clock = new FakeClock();
let indexedDB = new IDBFactory();
let start = 0;

beforeEach(() => {
  clock = new FakeClock();
  indexedDB = new IDBFactory();
  start = clock.now();
});

const open = (options: HistoryOptions = {}): EventHistory => {
  const { setTimeout, clearTimeout } = clock;
  return eventHistory({ environment: { indexedDB, Date: clock, setTimeout, clearTimeout }, ...options });
};

const record = (history: EventHistory, ids: readonly string[], to = queue): void => {
  history.record(
    to,
    ids.map((id) => ({ id, text: `"${id}"`, sentAt: NaN })),
  );
};

const missed = async (history: EventHistory, left = start, joined = start): Promise<readonly string[] | undefined> =>
  (await history.missed(queue, left, joined))?.map(({ id }) => id);

const range = (length: number): string[] => Array.from({ length }, (_, index) => `e${index}`);

test('gives the events that came since the tab began to listen, in order, and as they were', async () => {
  const history = open();
  record(history, ['before']);
  clock.time += 1_000;
  record(history, ['c', 'b', 'a']);
  clock.time += 1_000;
  record(history, ['d']);
  expect(await missed(history, start + 1_500, start + 500)).toEqual(['c', 'b', 'a', 'd']);
  expect(await history.missed(queue, start + 1_500, start + 1_500)).toEqual([{ id: 'd', text: '"d"', sentAt: NaN }]);
});

test('gives another page what one kept, and no other queue its events', async () => {
  record(open(), ['a']);
  const history = open();
  record(history, ['b'], other);
  expect(await missed(open())).toEqual(['a']);
});

describe('what is not kept any more', () => {
  test('is reported: more events came than are kept', async () => {
    const history = open({ maxEvents: 5 });
    clock.time += 60_000;
    record(history, range(6));
    expect(await missed(history)).toBeUndefined();
  });

  test('does not matter to a tab that left long after it came', async () => {
    const history = open({ maxEvents: 5 });
    record(history, range(6));
    clock.time += 60_000;
    record(history, ['new']);
    expect(await missed(history, clock.time)).toEqual(['e2', 'e3', 'e4', 'e5', 'new']);
  });

  test('is reported: the tab was away for longer than events are kept', async () => {
    const history = open({ maxAge: 10 });
    record(history, ['a']);
    clock.time += 11_000;
    expect(await missed(history)).toBeUndefined();
  });

  test('is gone from the disk with the next event, of whatever session', async () => {
    const history = open({ maxAge: 10 });
    record(history, ['a']);
    clock.time += 11_000;
    record(history, ['b'], other);
    expect(await missed(open({ maxAge: 3_600 }), start + 11_000, start)).toEqual([]);
  });
});

test('keeps a hundred events for ten minutes unless it is told otherwise', async () => {
  const history = open();
  record(history, range(101));
  clock.time += 600_000;
  expect(await missed(history, clock.time)).toEqual(range(101).slice(1));
  expect(await missed(history)).toBeUndefined();
  clock.time += 1;
  record(history, ['new']);
  expect(await missed(history, clock.time)).toEqual(['new']);
});

test('an event that comes again is kept once', async () => {
  const history = open();
  record(history, ['a', 'b']);
  record(history, ['a']);
  expect(await missed(history)).toEqual(['b', 'a']);
});

test('clear() forgets all', async () => {
  const history = open();
  record(history, ['a']);
  await history.clear();
  expect(await missed(history)).toEqual([]);
});

describe('where there is no database', () => {
  const environment = { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, Date: clock };
  const forbidden = (): never => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  const histories: Record<string, () => EventHistory> = {
    missing: () => eventHistory({ environment }),
    forbidden: () =>
      eventHistory({
        environment: { ...environment, indexedDB: Object.assign(new IDBFactory(), { open: forbidden }) },
      }),
  };
  test.each(Object.keys(histories))('%s: nothing fails, and nothing is there', async (name) => {
    const history = histories[name]?.() ?? open();
    record(history, ['a']);
    expect(await missed(history)).toBeUndefined();
    await history.clear();
  });
});

test('a database that does not answer is not waited for longer than a second', async () => {
  const history = open({
    environment: {
      ...{ setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, Date: clock },
      indexedDB: Object.assign(new IDBFactory(), { open: () => ({}) }),
    },
  });
  const found = missed(history);
  await clock.advance(1_000);
  expect(await found).toBeUndefined();
});

test.each([
  [{ maxEvents: 0 }, 'maxEvents must be a number from 1 to 1000, not 0'],
  [{ maxEvents: 1_001 }, 'maxEvents must be a number from 1 to 1000, not 1001'],
  [{ maxAge: NaN }, 'maxAge must be a number from 1 to Infinity, not NaN'],
])('refuses %j', (options, message) => {
  expect(() => eventHistory(options)).toThrow(new TypeError(message));
});
