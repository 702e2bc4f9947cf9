import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';
import { until } from './until.ts';
import { worstCase } from '../tools/worst-case.ts';

const hour = 3_600_000;

const stage = await Stage.open();
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('a reload', () => {
  test('in mid-poll loses nothing and repeats nothing', async () => {
    const session = await stage.newSession();
    const { page } = await stage.tab(session, { log: true });
    const shown = (): number[] => [...stage.site.shown(session)].sort((a, b) => a - b);
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    for (const n of numbers) await Promise.all([page.reload(), stage.notify(session, n)]);
    await until(shown, ({ length }) => length >= 10);
    await page.reload();
    await stage.notify(session, 10);
    expect(await until(shown, ({ length }) => length >= 11)).toEqual([...numbers, 10]);
  });
});

describe('a page that closes', () => {
  test('releases at once the messages that its handler has not finished', async () => {
    const session = await stage.newSession();
    const closing = await stage.tab(session, { hangs: true });
    await stage.notify(session, 1);
    await closing.showed(1);
    await closing.page.close();
    const tab = await stage.tab(session);
    expect(await tab.showed(1)).toEqual([1]);
    expect(stage.sqsCalls()['ChangeMessageVisibilityBatch']).toBeGreaterThanOrEqual(1);
  });
});

describe('a machine that sleeps', () => {
  test('until its keys have expired shows what waited when it wakes up', async () => {
    const session = await stage.newSession();
    const tab = await stage.tab(session);
    await stage.longPoll(session);
    // The connection from before brings no answer any more, and no error.
    const polls = stage.requests('ReceiveMessage');
    const heal = stage.fault({ call: 'sqs:ReceiveMessage', when: 'before', error: 'timeout' });
    await stage.notify(session, 0);
    await tab.showed(1);
    await until(
      () => stage.requests('ReceiveMessage'),
      (count) => count > polls,
    );
    const renewals = stage.site.renewals();
    await tab.moveClock(4.5 * hour);
    stage.chromium.sleep();
    stage.runtime.clock.advance(hour);
    await stage.notify(session, 1, 2, 3);
    stage.runtime.clock.advance(3.5 * hour);
    heal();
    stage.chromium.wake();
    expect(await tab.showed(4)).toEqual([0, 1, 2, 3]);
    expect(stage.site.renewals() - renewals).toBe(1);
  });

  test('until its session is gone says so', async () => {
    const session = await stage.newSession();
    const tab = await stage.tab(session);
    await tab.moveClock(6 * hour);
    stage.chromium.sleep();
    stage.runtime.clock.advance(6 * hour);
    await stage.api('cleanup');
    stage.chromium.wake();
    const state = await tab.reaches({ status: 'ended' });
    expect(state).toMatchObject({ reason: 'session-gone', remedy: 'Create a session.' });
  });
});

describe('keys', () => {
  test('are renewed before they expire, once for all tabs', async () => {
    const session = await stage.newSession();
    const tabs = await stage.tabs(3, session);
    const renewals = stage.site.renewals();
    for (const tab of tabs) await tab.moveClock(3.7 * hour);
    stage.runtime.clock.advance(3.7 * hour);
    await stage.notify(session, 1);
    await until(stage.site.renewals, (count) => count > renewals);
    for (const tab of tabs) await tab.reaches({ status: 'polling' });
    await stage.notify(session, 2, 3);
    for (const tab of tabs) expect([...(await tab.showed(3))].sort()).toEqual([1, 2, 3]);
    expect(stage.site.renewals() - renewals).toBe(1);
    for (const tab of tabs) expect(tab.reasons()).not.toContain('keys-refused');
  });

  test('that are refused are renewed, and nothing is lost', async () => {
    const session = await stage.newSession();
    const tab = await stage.tab(session);
    // As when the user logs in elsewhere with the same session.
    await stage.api(`create/12345/${session}`);
    await stage.notify(session, 1);
    await until(
      () => tab.reasons(),
      (reasons) => reasons.includes('keys-refused'),
    );
    await tab.reaches({ status: 'polling' });
    await stage.notify(session, 2);
    expect(await tab.showed(2)).toEqual([1, 2]);
  });

  for (const hours of [-3, 3]) {
    test(`work although the machine's clock is ${hours} hours ahead`, async () => {
      const session = await stage.newSession();
      const renewals = stage.site.renewals();
      const tab = await stage.tab(session, { clock: hours * hour });
      await stage.notify(session, 1);
      expect(await tab.showed(1)).toEqual([1]);
      // In the worst case SQS may not know the queue three times in its first second, and the page asks for it once.
      expect(stage.site.renewals() - renewals).toBeLessThanOrEqual(worstCase ? 1 : 0);
    });
  }
});

test('what comes while the browser is offline is shown when it is online again', async () => {
  const session = await stage.newSession();
  // A poll in flight does not notice that Chromium was told to be offline.
  const tab = await stage.tab(session, { options: { waitTime: 1 } });
  await stage.chromium.context.setOffline(true);
  expect(await tab.reaches({ reason: 'offline' })).toMatchObject({ status: 'waiting', remedy: 'Check the network.' });
  await stage.notify(session, 1, 2);
  await stage.chromium.context.setOffline(false);
  await tab.reaches({ status: 'polling' });
  await stage.notify(session, 3);
  expect([...(await tab.showed(3))].sort()).toEqual([1, 2, 3]);
});

test('a service that fails for a while is asked again until it answers', async () => {
  const session = await stage.newSession();
  const tab = await stage.tab(session);
  const failure = { name: 'InternalFailure', message: 'We erred', status: 500 };
  const heal = stage.fault({ call: 'sqs:ReceiveMessage', when: 'before', error: failure });
  await stage.notify(session, 1);
  await tab.reaches({ status: 'waiting', reason: 'server', attempt: 2 });
  heal();
  await stage.notify(session, 2);
  expect(await tab.showed(2)).toEqual([1, 2]);
});

test('a session that is destroyed ends the connection in every tab', async () => {
  const session = await stage.newSession();
  const tabs = await stage.tabs(2, session);
  await stage.api(`destroy/12345/${session}`);
  for (const tab of tabs) expect(await tab.reaches({ status: 'ended' })).toHaveProperty('reason', 'session-gone');
});
