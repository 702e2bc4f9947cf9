import { afterAll, afterEach, expect, test } from '@jest/globals';
import { worstCase } from '../tools/worst-case.ts';
import { Stage } from './stage.ts';
import { leaderOf, type Tab } from './tab.ts';
import { until } from './until.ts';

/** In the worst case a quarter of the messages: each tenth poll is throttled, after which a client waits half a second on average. */
const share = worstCase ? 1 / 4 : 1;
const numbersOf = (count: number): number[] => Array.from({ length: count * share }, (_, n) => n);
const sorted = (some: readonly number[]): number[] => [...some].sort((a, b) => a - b);

const stage = await Stage.open();
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('messages by the thousand come in order, none lost and none twice', async () => {
  const numbers = numbersOf(10_000);
  const session = await stage.newSession();
  const tab = await stage.tab(session);
  const start = Date.now();
  await stage.put(session, numbers);
  expect(await tab.showed(numbers.length)).toEqual(numbers);
  console.log(`${numbers.length} messages in ${Date.now() - start} ms: ${JSON.stringify(stage.sqsCalls())}`);
});

test('messages by the thousand are none lost and none twice while leaders come and go', async () => {
  const session = await stage.newSession();
  const [reloaded, closed, crashed, witness] = (await stage.tabs(4, session)) as [Tab, Tab, Tab, Tab];
  // Nobody sees any of them, so none is in a hurry to take the lead: it goes to the tab that waits longest.
  const front = await stage.chromium.context.newPage();
  const numbers = numbersOf(5_000);
  await stage.put(session, numbers);
  const interruptions: [at: number, tabs: Tab[], interrupt: () => Promise<unknown>][] = [
    [500, [reloaded, closed, crashed, witness], () => reloaded.page.reload()],
    [1_500, [closed, crashed, witness, reloaded], () => closed.page.close()],
    [2_500, [crashed, witness, reloaded], () => crashed.crash()],
    [3_500, [witness, reloaded], () => witness.freeze()],
  ];
  const led: boolean[] = [];
  for (const [at, tabs, interrupt] of interruptions) {
    await witness.showed(at * share);
    led.push((await leaderOf(tabs)) === tabs[0]);
    await interrupt();
  }
  console.log(`of ${led.length} tabs that were interrupted, ${led.filter(Boolean).length} led`);
  await leaderOf([reloaded]);
  await witness.thaw();
  expect(sorted(await witness.showed(numbers.length))).toEqual(numbers);
  for (const { shown } of [reloaded, closed, crashed]) expect(new Set(shown).size).toBe(shown.length);
  await front.close();
});

test('messages are none lost and none twice in a tab that is loaded again and again', async () => {
  const session = await stage.newSession();
  const { page } = await stage.tab(session, { log: true });
  const numbers = numbersOf(2_000);
  await stage.put(session, numbers);
  const showed = (count: number): Promise<readonly number[]> =>
    until(
      () => stage.site.shown(session),
      ({ length }) => length >= count,
    );
  for (const at of [100, 400, 700, 1_000, 1_300, 1_600, 1_900]) {
    await showed(at * share);
    await page.reload();
  }
  expect(sorted(await showed(numbers.length))).toEqual(numbers);
});
