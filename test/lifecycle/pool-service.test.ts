import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import { ServiceHarness } from './service-harness.ts';
import { serviceContext } from '../tools/identities.ts';

let harness: ServiceHarness;
const calls: CallRecord[] = [];

beforeAll(async () => {
  harness = await ServiceHarness.start({ ...serviceContext, poolSize: 5 });
  harness.runtime.calls.on((call) => calls.push(call));
  await fillAfter(minute);
});

afterAll(() => harness[Symbol.asyncDispose]());

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
/** Longer than the stack's grace period, shorter than keys live. */
const pastGrace = 120 * minute;

/** Moves the clock, so that the schedule is due, until a run has made or removed pairs. */
const fillAfter = async (milliseconds: number): Promise<void> => {
  const filled = new Promise<void>((resolve) => {
    const stop = harness.runtime.logs.on(({ text }) => {
      if (!text.includes('POOL_FILLED') || text.includes('"made":0')) return;
      stop();
      resolve();
    });
  });
  harness.runtime.clock.advance(milliseconds);
  await filled;
};

/** How many queues were made. In the worst case a call may be refused, and is made again. */
const made = (): number =>
  calls.filter(({ action, outcome }) => action === 'CreateQueue' && outcome === 'answered').length;

test('sessions take from the pool that the schedule fills, and the cleanup leaves it alone', async () => {
  expect((await harness.orphans()).queues).toHaveLength(5);
  const before = made();
  const sessions = await Promise.all(Array.from({ length: 5 }, (_, account) => harness.create(account, 's')));
  expect(made()).toBe(before);
  for (const session of sessions) expect(await harness.keysWork(session)).toBe(true);
  expect(await harness.orphans()).toEqual({ queues: [], identities: [] });

  await fillAfter(minute);
  expect(made()).toBe(before + 5);
  harness.runtime.clock.advance(pastGrace);
  expect(await harness.cleanUp()).toMatchObject({ sessions: 0, queues: 0, identities: 0 });
  expect((await harness.orphans()).queues).toHaveLength(5);
});

test('pairs that nobody took for a week are replaced, and an empty pool stops nobody', async () => {
  await fillAfter(week);
  await harness.cleanUp();
  expect((await harness.orphans()).queues).toHaveLength(5);
  const sessions = await Promise.all(Array.from({ length: 7 }, (_, account) => harness.create(account, 't')));
  for (const session of sessions) expect(await harness.keysWork(session)).toBe(true);
  await fillAfter(minute);
});
