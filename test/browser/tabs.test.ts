import { afterAll, afterEach, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';
import { leaderOf, type Tab } from './tab.ts';
import { until } from './until.ts';

const stage = await Stage.open();
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('one tab receives', async () => {
  const session = await stage.newSession();
  const tab = await stage.tab(session);
  await stage.notify(session, 1, 2, 3);
  expect(await tab.showed(3)).toEqual([1, 2, 3]);
});

/** How a leader may end; each returns how to let it go on, if that can be. */
const endings: Record<string, (tab: Tab) => Promise<unknown>> = {
  'is closed': ({ page }) => page.close(),
  crashes: (tab) => tab.crash(),
  'is frozen by the browser': (tab) => tab.freeze(),
  'navigates away': ({ page }) => page.goto('about:blank'),
};

for (const [name, end] of Object.entries(endings)) {
  test(`another tab takes over when the leader ${name}`, async () => {
    const session = await stage.newSession();
    const tabs = await stage.tabs(3, session);
    await stage.notify(session, 0);
    for (const tab of tabs) await tab.showed(1);
    const leader = await leaderOf(tabs);
    const others = tabs.filter((tab) => tab !== leader);
    const start = Date.now();
    await end(leader);
    await leaderOf(others);
    const leading = Date.now() - start;
    const sent = Date.now();
    await stage.notify(session, 1);
    for (const tab of others) expect(await tab.showed(2)).toEqual([0, 1]);
    const showing = others.map(({ times }) => Math.round((times.get(1) ?? Infinity) - sent));
    console.log(`the leader ${name}: another leads after ${leading} ms and shows after ${showing.join(', ')} ms`);
  });
}

test('another tab takes over when the leader stands still, which then steps down', async () => {
  const session = await stage.newSession();
  const tabs = await stage.tabs(3, session);
  const leader = await leaderOf(tabs);
  const others = tabs.filter((tab) => tab !== leader);
  const start = Date.now();
  await stage.halt(leader);
  await leaderOf(others);
  const leading = Date.now() - start;
  await stage.notify(session, 1);
  for (const tab of others) expect(await tab.showed(1)).toEqual([1]);
  const showing = others.map(({ times }) => Math.round((times.get(1) ?? Infinity) - start - leading));
  console.log(`the leader stands still: another leads after ${leading} ms and shows after ${showing.join(', ')} ms`);
  stage.site.goOn();
  await until(
    () => leader.leads(),
    (leads) => !leads,
  );
  await stage.notify(session, 2);
  for (const tab of tabs) expect(await tab.showed(2)).toEqual([1, 2]);
});

test('a tab that was frozen shows what came meanwhile', async () => {
  const session = await stage.newSession();
  const tabs = await stage.tabs(3, session);
  const leader = await leaderOf(tabs);
  const others = tabs.filter((tab) => tab !== leader);
  await leader.freeze();
  await leaderOf(others);
  await stage.notify(session, 1, 2);
  for (const tab of others) expect(await tab.showed(2)).toEqual([1, 2]);
  await leader.thaw();
  await stage.notify(session, 3);
  for (const tab of tabs) expect(await tab.showed(3)).toEqual([1, 2, 3]);
});

test('tabs that nobody sees cost nothing, and show what waited when one is seen again', async () => {
  const session = await stage.newSession();
  const tabs = await stage.tabs(3, session, { options: { poll: 'visible-only', waitTime: 1 } });
  const other = await stage.chromium.context.newPage();
  for (const tab of tabs) await tab.reaches({ status: 'paused', reason: 'hidden' });
  stage.forget();
  const numbers = Array.from({ length: 25 }, (_, n) => n);
  await stage.notify(session, ...numbers);
  expect(stage.sqsCalls()).toEqual({});
  await tabs[1]?.page.bringToFront();
  for (const tab of tabs) expect(await tab.showed(25)).toEqual(numbers);
  await other.close();
});
