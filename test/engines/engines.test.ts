/** The browser client in Chromium, Firefox and WebKitGTK. ENGINE names one of them; else all. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { openSite, pageAddress, type PageOptions, type Site } from '../browser/site.ts';
import { until } from '../browser/until.ts';
import { startChromium } from './chromium.ts';
import type { Engine, EnginePage, EngineSettings } from './engine.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';
import { identityContext } from '../identities.ts';

const starts: Record<string, (settings?: EngineSettings) => Promise<Engine>> = {
  chromium: startChromium,
  firefox: startFirefox,
  webkit: startWebKit,
};
const names = process.env['ENGINE']?.split(',') ?? Object.keys(starts);

let service: Emulator;
let site: Site;
let sessions = 0;

beforeAll(async () => {
  service = await startService({ warm: true, context: identityContext });
  site = await openSite(() => service.outputs['ApiUrl'] ?? '');
});
afterAll(async () => {
  await site.close();
  await service.stop();
});

const api = async (path: string, body?: object): Promise<void> => {
  const post = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${service.outputs['ApiUrl'] ?? ''}${path}`, body ? post : {});
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
};
const newSession = async (): Promise<string> => {
  const id = `engine-${++sessions}`;
  await api(`create/12345/${id}?MessageRetentionPeriod=86400`);
  return id;
};
const notify = async (session: string, ...numbers: readonly number[]): Promise<void> => {
  for (const n of numbers) await api(`notify/12345/session/${session}`, { n });
};
const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

/** The numbers of the events that a page has shown since it was loaded. */
const shown = async (page: EnginePage): Promise<number[]> =>
  (await page.evaluate('(globalThis.records ?? []).filter(({ n }) => n !== undefined).map(({ n }) => n)')) as number[];
const showed = (page: EnginePage, length: number): Promise<number[]> =>
  until(
    () => shown(page),
    (numbers) => numbers.length >= length,
  );
const stateOf = (page: EnginePage): Promise<unknown> =>
  page.evaluate(
    'globalThis.events && { leader: events.leader, status: events.state.status, reason: events.state.reason }',
  );
const reaches = (page: EnginePage, wanted: object): Promise<unknown> =>
  until(
    () => stateOf(page),
    (state) => {
      const now = Object(state) as Readonly<Record<string, unknown>>;
      return Object.entries(wanted).every(([name, value]) => now[name] === value);
    },
  );

describe.each(names)('in %s', (name) => {
  let engine: Engine;
  let pages: EnginePage[] = [];
  const start = (settings?: EngineSettings): Promise<Engine> =>
    starts[name]?.(settings) ?? Promise.reject(new Error(name));

  const open = async (session: string, options: PageOptions = {}, within = engine): Promise<EnginePage> => {
    const page = await within.open(`${site.url}/${pageAddress(session, options)}`);
    if (within === engine) pages.push(page);
    await reaches(page, { status: 'polling' });
    return page;
  };
  const openMany = async (length: number, session: string, options: PageOptions = {}): Promise<EnginePage[]> => {
    const opened = [];
    for (let index = 0; index < length; index++) opened.push(await open(session, options));
    return opened;
  };
  const leaderOf = (tabs: readonly EnginePage[]): Promise<EnginePage> =>
    until(
      async () => {
        const states = await Promise.all(tabs.map(stateOf));
        return tabs.find((_, index) => (states[index] as { leader?: boolean }).leader);
      },
      (page): page is EnginePage => page !== undefined,
    );

  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());
  afterEach(async () => {
    for (const page of pages) await page.close().catch(() => undefined);
    pages = [];
  });

  test('a page receives, in order', async () => {
    const session = await newSession();
    const page = await open(session);
    await notify(session, 1, 2, 3);
    expect(await showed(page, 3)).toEqual([1, 2, 3]);
  });

  test.each([['with locks'], ['without locks, as over plain HTTP']])('four tabs show everything, %s', async (kind) => {
    const session = await newSession();
    const tabs = await openMany(4, session, { nolocks: kind.startsWith('without') });
    await notify(session, ...count(0, 12));
    for (const page of tabs) expect(await showed(page, 12)).toEqual(count(0, 12));
    const states = (await Promise.all(tabs.map(stateOf))) as { leader: boolean }[];
    expect(states.filter(({ leader }) => leader)).toHaveLength(1);
    const leader = await leaderOf(tabs);
    const others = tabs.filter((page) => page !== leader);
    await leader.close();
    pages = others;
    await leaderOf(others);
    await notify(session, 12);
    for (const page of others) expect(await showed(page, 13)).toEqual(count(0, 13));
  });

  test('a reload in mid-poll loses nothing and repeats nothing', async () => {
    const session = await newSession();
    const page = await open(session, { log: true });
    for (const n of count(0, 5)) await Promise.all([page.reload(), notify(session, n)]);
    const told = await until(
      () => site.shown(session),
      ({ length }) => length >= 5,
    );
    expect([...told].sort()).toEqual(count(0, 5));
  });

  test('credentials that are refused are renewed', async () => {
    const session = await newSession();
    const page = await open(session);
    await api(`create/12345/${session}`);
    await notify(session, 1);
    expect(await showed(page, 1)).toEqual([1]);
  });

  test('a network that is cut is waited for', async () => {
    const session = await newSession();
    const page = await open(session, { options: { waitTime: 1 } });
    const heal = service.faults.add({ call: 'sqs:ReceiveMessage', when: 'before', error: 'timeout' });
    await reaches(page, { status: 'waiting' });
    await notify(session, 1);
    heal();
    expect(await showed(page, 1)).toEqual([1]);
  });

  test('1,200 events are none lost and none twice while a tab is loaded again', async () => {
    const session = await newSession();
    const [witness, reloaded] = (await openMany(2, session)) as [EnginePage, EnginePage];
    const sending = (async () => {
      for (const part of count(0, 120)) {
        await Promise.all(count(part * 10, part * 10 + 10).map((n) => notify(session, n)));
      }
    })();
    for (const at of [200, 500, 800]) {
      await showed(witness, at);
      await reloaded.reload();
    }
    await sending;
    expect((await showed(witness, 1_200)).sort((a, b) => a - b)).toEqual(count(0, 1_200));
    const again = await shown(reloaded);
    expect(new Set(again).size).toBe(again.length);
  });

  test('a page that comes back by the back button goes on', async () => {
    const session = await newSession();
    const page = await open(session);
    await notify(session, 1);
    await showed(page, 1);
    await page.navigate(`${site.url}/blank.html`);
    await notify(session, 2);
    await page.back();
    const all = await until(
      () => shown(page),
      (numbers) => numbers.includes(2),
    );
    expect(all.filter((n) => n === 2)).toEqual([2]);
  });

  test('a tab behind another goes on', async () => {
    const session = await newSession();
    const page = await open(session);
    pages.push(await engine.open(`${site.url}/blank.html`));
    await notify(session, 1, 2);
    expect(await showed(page, 2)).toEqual([1, 2]);
  });

  // WebKitGTK's driver has no setting for it.
  if (name === 'webkit') return;
  test('a page works where cookies are blocked', async () => {
    const other = await start({ blocksCookies: true });
    try {
      const session = await newSession();
      const page = await open(session, {}, other);
      await notify(session, 1, 2);
      expect(await showed(page, 2)).toEqual([1, 2]);
    } finally {
      await other.close();
    }
  });
});
