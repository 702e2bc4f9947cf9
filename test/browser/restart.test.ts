import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startChromium, type Chromium } from './chromium.ts';
import { npmStart, type StartedService } from './npm-start.ts';
import { openSite, pageAddress, type PageOptions, type Site } from './site.ts';
import { Tab } from './tab.ts';

let service: StartedService;
let site: Site;
let chromium: Chromium;

beforeEach(async () => {
  service = await npmStart(0);
  site = await openSite(() => service.apiUrl);
  chromium = await startChromium();
});

afterEach(async () => {
  await chromium.close();
  await site.close();
  await service.kill();
});

const api = async (path: string): Promise<void> => {
  expect((await fetch(`${service.apiUrl}${path}`)).status).toBe(200);
};

const openTab = async (options: PageOptions): Promise<Tab> => {
  const tab = await Tab.open(chromium.context);
  await tab.page.goto(`${site.url}/${pageAddress('s', options)}`);
  await tab.reaches({ status: 'polling' });
  return tab;
};

/** The service dies, and comes back at the same address, empty. */
const restart = async (meanwhile: () => Promise<unknown>): Promise<void> => {
  await service.kill();
  await meanwhile();
  service = await npmStart(Number(new URL(service.url).port));
};

test('a client gets over a restart of the server', async () => {
  await api('create/12345/s');
  const revived = await openTab({ renew: 'revive' });
  await api('notify/12345?n=1');
  await revived.showed(1);
  await restart(() => revived.reaches({ status: 'waiting', reason: 'network' }));
  await revived.reaches({ status: 'polling' });
  await api('notify/12345?n=2');
  expect(await revived.showed(2)).toEqual(['1', '2']);
});

test('a client whose session did not survive the restart says so', async () => {
  await api('create/12345/s');
  const tab = await openTab({});
  await restart(() => tab.reaches({ status: 'waiting', reason: 'network' }));
  expect(await tab.reaches({ status: 'ended' })).toHaveProperty('reason', 'session-gone');
});
