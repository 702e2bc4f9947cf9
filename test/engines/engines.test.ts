/**
 * The browser client in Chromium, Firefox and WebKitGTK. ENGINE names one of them; else all. What an engine cannot show is in the names
 * of its tests, but for blocked cookies in WebKitGTK: its driver has no setting for them.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { openSite, pageAddress, type PageOptions, type Site } from '../browser/site.ts';
import { until } from '../browser/until.ts';
import { startChromium } from './chromium.ts';
import { intranet, type Engine, type EnginePage, type EngineSettings } from './engine.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';
import { serviceContext } from '../tools/identities.ts';

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
  service = await startService({ warm: true, context: serviceContext });
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

/**
 * Which engines keep the pages of this client for the back button. Firefox decides before it fires `pagehide`, where the client lets go
 * of its lock and its poll: it keeps no page that has one of them, and loads it again.
 */
const keepsPages: Readonly<Record<string, boolean>> = { chromium: true, firefox: false, webkit: true };

/** Which engines throttle the timers of hidden tabs. WebKitGTK's driver hides every tab and throttles none. */
const throttles: Readonly<Record<string, boolean>> = { chromium: true, firefox: true, webkit: false };

/** How long nine timers of 10 ms take one after the other: a hidden page's fire once a second. */
const chainedTimers = `new Promise((resolve) => {
  const start = performance.now();
  const next = (left) => setTimeout(() => (left ? next(left - 1) : resolve(performance.now() - start)), 10);
  next(8);
})`;

interface OpenOptions extends PageOptions {
  /** The name under which the page is asked for. */
  readonly host?: string | undefined;
}

describe.each(names)('in %s', (name) => {
  const fromCache = keepsPages[name]
    ? ', from the back/forward cache'
    : ', loaded again, since this engine keeps no page with a lock or a poll';
  let engine: Engine;
  let pages: EnginePage[] = [];
  const start = (settings?: EngineSettings): Promise<Engine> =>
    starts[name]?.(settings) ?? Promise.reject(new Error(name));

  const open = async (session: string, options: OpenOptions = {}, within = engine): Promise<EnginePage> => {
    const { host = '127.0.0.1' } = options;
    const page = await within.open(`${site.url.replace('127.0.0.1', host)}/${pageAddress(session, options)}`);
    if (within === engine) pages.push(page);
    await reaches(page, { status: 'polling' });
    return page;
  };
  const openMany = async (length: number, session: string, options: OpenOptions = {}): Promise<EnginePage[]> => {
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

  test.each([
    ['127.0.0.1', true],
    [`${intranet}, over plain HTTP, where there are no Web Locks`, false],
  ])('four tabs show everything, at %s', async (_host, isSecure) => {
    const session = await newSession();
    const host = isSecure ? undefined : intranet;
    const tabs = await openMany(4, session, { host });
    expect(await tabs[0]?.evaluate('[isSecureContext, "locks" in navigator]')).toEqual([isSecure, isSecure]);
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

  /** A page that was left, and came back by the back button after others had got events. */
  const comeBack = async (session: string, options: OpenOptions): Promise<EnginePage> => {
    const witness = await open(session, options);
    const page = await open(session, options);
    await notify(session, 1);
    await showed(page, 1);
    await page.navigate(`${site.url}/blank.html`);
    await notify(session, 2, 3);
    await showed(witness, 3);
    await page.back();
    const isKept = await until(
      () => page.evaluate('globalThis.isKept ?? "not yet"').catch(() => 'not yet'),
      (answer) => answer !== 'not yet',
    );
    expect(isKept).toBe(keepsPages[name]);
    return page;
  };

  test(`a page that comes back by the back button gets resync${fromCache}`, async () => {
    const session = await newSession();
    const page = await comeBack(session, {});
    await until(
      () => page.evaluate('records.filter(({ since }) => since)'),
      (told) => JSON.stringify(told) !== '[]',
    );
    await notify(session, 4);
    await until(
      () => shown(page),
      (numbers) => numbers.at(-1) === 4,
    );
    expect((await shown(page)).filter((n) => n > 1)).toEqual([4]);
  });

  test(`a page that comes back by the back button shows what a history kept${fromCache}`, async () => {
    const session = await newSession();
    const page = await comeBack(session, { history: true });
    await notify(session, 4);
    const all = await until(
      () => shown(page),
      (numbers) => numbers.includes(4),
    );
    expect(all.filter((n) => n > 1)).toEqual([2, 3, 4]);
  });

  test('a page that is loaded again shows what a history kept', async () => {
    const session = await newSession();
    const witness = await open(session, { history: true });
    const page = await open(session, { history: true });
    await notify(session, 1);
    await showed(page, 1);
    await page.navigate(`${site.url}/blank.html`);
    await notify(session, 2, 3);
    await showed(witness, 3);
    await page.navigate(`${site.url}/${pageAddress(session, { history: true })}`);
    expect(await showed(page, 2)).toEqual([2, 3]);
  });

  const throttled = throttles[name] ? 'whose timers are throttled' : 'whose timers this engine does not throttle';
  test(`a tab behind another, ${throttled}, goes on, and leads when the one in front is closed`, async () => {
    const session = await newSession();
    const page = await open(session);
    const front = await open(session);
    await until(
      () => page.evaluate('document.visibilityState'),
      (state) => state === 'hidden',
    );
    await until(
      () => page.evaluate(chainedTimers),
      (milliseconds) => Number(milliseconds) > 1_500 || !throttles[name],
    );
    await notify(session, 1, 2);
    for (const each of [page, front]) expect(await showed(each, 2)).toEqual([1, 2]);
    pages.push(await engine.open(`${site.url}/blank.html`));
    await front.close();
    await leaderOf([page]);
    await notify(session, 3);
    expect(await showed(page, 3)).toEqual([1, 2, 3]);
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
