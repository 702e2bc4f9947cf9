import { afterAll, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';

// A browser remembers answers to preflights: this file has one that has asked none yet.
const stage = await Stage.open();
afterAll(() => stage.close());

test('seven tabs show every message once each, with one poller and one preflight', async () => {
  const session = await stage.newSession();
  const tabs = await stage.tabs(7, session);
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  await stage.notify(session, ...numbers);
  for (const tab of tabs) expect(await tab.showed(20)).toEqual(numbers);
  const leads = await Promise.all(tabs.map((tab) => tab.leads()));
  expect(leads.filter(Boolean)).toHaveLength(1);
  const calls = stage.sqsCalls();
  console.log(`7 tabs, 20 messages: ${JSON.stringify(calls)}, preflights: ${stage.requests('OPTIONS')}`);
  // The first poll does not wait; after it every poll brought something.
  expect(calls['ReceiveMessage']).toBeLessThanOrEqual(1 + 20);
  expect(calls['DeleteMessageBatch'] ?? 0).toBeLessThan(20);
  // The browser remembers the answer; a preflight for every call would be 23.
  expect(stage.requests('OPTIONS')).toBeLessThanOrEqual(1);
});
