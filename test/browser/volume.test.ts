import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';
import { leaderOf, type Tab } from './tab.ts';
import { until } from './until.ts';

const numbers = Array.from({ length: 10_000 }, (_, n) => n);
const sorted = (some: readonly number[]): number[] => [...some].sort((a, b) => a - b);

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  await stage.clear();
});

afterAll(async () => {
  await stage.close();
});

test('ten thousand messages come in order, none lost and none twice', async () => {
  const session = await stage.newSession();
  const tab = await stage.tab(session);
  const start = Date.now();
  await stage.put(session, numbers);
  expect(await tab.showed(numbers.length)).toEqual(numbers);
  console.log(`10,000 messages in ${Date.now() - start} ms: ${JSON.stringify(stage.sqsCalls())}`);
});

test('ten thousand messages are none lost and none twice while leaders come and go', async () => {
  const session = await stage.newSession();
  const [reloaded, closed, crashed, witness] = (await stage.tabs(4, session)) as [Tab, Tab, Tab, Tab];
  await stage.put(session, numbers);
  // The lead goes to the tab that waits longest, so each of these leads when its turn comes.
  const interruptions: [at: number, leader: Tab, interrupt: () => Promise<unknown>][] = [
    [1_000, reloaded, () => reloaded.page.reload()],
    [3_000, closed, () => closed.page.close()],
    [5_000, crashed, () => crashed.crash()],
    [7_000, witness, () => witness.freeze()],
  ];
  for (const [at, leader, interrupt] of interruptions) {
    await witness.showed(at);
    await leaderOf([leader]);
    await interrupt();
  }
  await leaderOf([reloaded]);
  await witness.thaw();
  expect(sorted(await witness.showed(numbers.length))).toEqual(numbers);
  for (const { shown } of [reloaded, closed, crashed]) expect(new Set(shown).size).toBe(shown.length);
});

test('two thousand messages are none lost and none twice in a tab that is loaded again and again', async () => {
  const session = await stage.newSession();
  const { page } = await stage.tab(session, { log: true });
  await stage.put(session, numbers.slice(0, 2_000));
  const showed = (count: number): Promise<readonly number[]> =>
    until(
      () => stage.site.shown(session),
      ({ length }) => length >= count,
    );
  for (const at of [100, 400, 700, 1_000, 1_300, 1_600, 1_900]) {
    await showed(at);
    await page.reload();
  }
  expect(sorted(await showed(2_000))).toEqual(numbers.slice(0, 2_000));
});
