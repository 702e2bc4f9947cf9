/** The example's page in Chromium: two people on one screen, sleep, seven tabs, foreign events, small and dark screens. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { account } from '../../examples/app/people.ts';
import { lazyExample } from '../../operations/start/example.ts';
import { startService } from '../../operations/start/service.ts';
import { launchChromium } from './chromium.ts';
import { contrastOf } from './contrast.ts';
import { until } from './until.ts';
import { serviceContext } from '../tools/identities.ts';
import { request, worstCase } from '../tools/worst-case.ts';

let runtime: Emulator;
let browser: Browser;
let problems: string[] = [];

beforeAll(async () => {
  runtime = await startService({
    warm: true,
    worstCase,
    context: serviceContext,
    sites: { '/example': lazyExample(() => runtime) },
  });
  browser = await launchChromium();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  // In the worst case a queue may be too new, and any call may be throttled: the page calls again.
  if (worstCase) forgetRefusals();
  const found = problems;
  problems = [];
  expect(found).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await runtime.stop();
});

/** Browsers write requests that were refused to the console. */
const forgetRefusals = (): void => {
  problems = problems.filter((text) => !text.startsWith('Failed to load resource'));
};

/** Waits longer than SQS takes to delete a queue, 60 seconds, by the clock that the page measures events with. */
const newContext = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(90_000);
  return context;
};

/** A tab with the example. What its script throws fails the test, and so does what it writes to the console. */
const openTab = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (line) => problems.push(line.text()));
  await page.goto(`${runtime.url}/example`);
  return page;
};

const panelOf = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

const isConnected = (panel: Locator): Promise<void> => panel.getByText('Connected', { exact: true }).waitFor();

/** A browser of its own in which both have logged in. */
const logBothIn = async (options: BrowserContextOptions = {}) => {
  const context = await newContext(options);
  const page = await openTab(context);
  await page.getByRole('button', { name: 'Log both in' }).click();
  const [ada, ben] = [panelOf(page, 'Ada'), panelOf(page, 'Ben')];
  await isConnected(ada);
  await isConnected(ben);
  return { context, page, ada, ben };
};

const send = async (panel: Locator, text: string, to = 'everyone', by = 'notify'): Promise<void> => {
  await panel.getByLabel('Text').fill(text);
  await panel.getByLabel('To', { exact: true }).selectOption(to);
  await panel.getByLabel('By', { exact: true }).selectOption(by);
  await panel.getByRole('button', { name: 'Send' }).click();
  await panel.getByText('Sent: it is ').waitFor();
};

const eventWith = (panel: Locator, text: string): Locator => panel.getByRole('listitem').filter({ hasText: text });

const notify = (body: string): Promise<Response> => {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${runtime.url}/notify/${account}`, { method: 'POST', headers, body });
};

test('two people on one screen see each other’s events with payload and latency', async () => {
  const { ada, ben } = await logBothIn();
  await send(ada, '<b>first</b>');
  for (const panel of [ada, ben]) {
    const event = eventWith(panel, '<b>first</b>');
    await event.waitFor();
    expect(await event.locator('.head').textContent()).toMatch(/^Adato everyone.*[\d:]+.*\d+ ms$/);
    expect(JSON.parse((await event.locator('code').textContent()) ?? '')).toEqual({
      ...{ accountId: account, type: 'note', from: 'Ada', to: 'everyone', by: 'notify', text: '<b>first</b>' },
    });
  }
  await send(ben, 'second', 'Ada', 'stream');
  await eventWith(ada, 'second').waitFor();
  await send(ben, 'third');
  await eventWith(ben, 'third').waitFor();
  expect(await eventWith(ben, 'second').count()).toBe(0);
});

test('everything that arrived while a page slept is there when it wakes, also after a reload', async () => {
  const { page, ada, ben } = await logBothIn();
  await ben.getByRole('button', { name: 'Put to sleep' }).click();
  await ben.getByText('Asleep', { exact: true }).waitFor();
  const texts = ['note 1', 'note 2', 'note 3'];
  for (const text of texts) await send(ada, text);
  await ben.getByText('3 events waiting in the queue').waitFor();
  expect(await eventWith(ben, 'note 1').count()).toBe(0);
  await ben.getByRole('button', { name: 'Wake up' }).click();
  for (const text of texts)
    await eventWith(ben, text)
      .getByText(/^waited \d+\.\d s$/)
      .waitFor();
  await ben.getByRole('button', { name: 'Put to sleep' }).click();
  await page.reload();
  await ben.getByText('Asleep', { exact: true }).waitFor();
  await isConnected(ada);
  await send(ada, 'four');
  await ben.getByRole('button', { name: 'Wake up' }).click();
  await eventWith(ben, 'four')
    .getByText(/^waited/)
    .waitFor();
});

test('seven tabs make one poll, each shows the event, and another takes over from the one that is closed', async () => {
  const { page, ada, ben } = await logBothIn();
  await page.getByRole('button', { name: 'Open six more tabs' }).click();
  await page.getByText('7 tabs, 1 poll', { exact: true }).waitFor();
  await ada.getByText('This tab polls for 7 tabs').waitFor();
  await send(ben, 'to all tabs', 'Ada');
  const frames = page.frames().filter((frame) => frame.url().includes('tab.html'));
  expect(frames).toHaveLength(6);
  for (const frame of frames) {
    await frame.getByText('to all tabs').waitFor();
    expect(await frame.locator('.counts').textContent()).toBe('1 shown, 0 calls');
  }
  await ada.getByRole('button', { name: 'Put to sleep' }).click();
  for (const frame of frames) await frame.getByText('Asleep').waitFor();
  await ada.getByRole('button', { name: 'Wake up' }).click();
  await page.getByText('7 tabs, 1 poll', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Close tab 2' }).click();
  await page.getByText('6 tabs, 1 poll', { exact: true }).waitFor();
});

test('two tabs of one browser show the same logins, and send in the name that they show', async () => {
  const { context, page, ada } = await logBothIn();
  const other = await openTab(context);
  const [otherAda, otherBen] = [panelOf(other, 'Ada'), panelOf(other, 'Ben')];
  await otherAda.getByText('Another tab polls for 2 tabs').waitFor();
  const former = await ada.locator('.whose').textContent();
  await otherAda.getByRole('button', { name: 'Log out' }).click();
  await ada.getByRole('button', { name: 'Log in as Ada' }).waitFor();
  await otherAda.getByRole('button', { name: 'Log in as Ada' }).click();
  await isConnected(otherAda);
  await isConnected(ada);
  const now = await ada.locator('.whose').textContent();
  expect([now === former, await otherAda.locator('.whose').textContent()]).toEqual([false, now]);
  for (const [place, tab] of [page, other].entries()) {
    for (const name of ['Ada', 'Ben']) {
      const text = `by ${name} in tab ${place}`;
      await send(panelOf(tab, name), text, 'Ben');
      await eventWith(otherBen, text).waitFor();
      expect(await eventWith(otherBen, text).locator('b').textContent()).toBe(name);
    }
  }
  forgetRefusals();
});

test.each([
  '{"invoice":42,"total":"12.50 €"}',
  '{"type":"note","from":["Ada"],"text":"<img src=x onerror=alert(1)>"}',
  '{"from":"Ada","text":"no note","to":"everyone"}',
])('an event of somebody else is shown as it came: %s', async (body) => {
  const { ada } = await logBothIn();
  expect((await notify(body)).status).toBe(200);
  const event = ada.locator('.foreign');
  await event.waitFor();
  expect(await event.locator('code').textContent()).toBe(`{"accountId":${account},${body.slice(1)}`);
  expect(await event.locator('.head').textContent()).toContain('Not from this page, shown as it came');
  expect(await ada.getByText('undefined').count()).toBe(0);
});

test('a reload keeps the logins, and logging out ends one for good', async () => {
  const { page, ada, ben } = await logBothIn();
  await page.reload();
  await isConnected(ada);
  await isConnected(ben);
  await ben.getByRole('button', { name: 'Log out' }).click();
  await ben.getByRole('button', { name: 'Log in as Ben' }).waitFor();
  await page.reload();
  await isConnected(ada);
  await ben.getByRole('button', { name: 'Log in as Ben' }).waitFor();
  forgetRefusals();
});

describe('the page says what is wrong', () => {
  afterEach(() => {
    forgetRefusals();
  });

  test('when the login is gone', async () => {
    const { context, ada } = await logBothIn();
    await context.clearCookies();
    await ada.getByRole('button', { name: 'Send' }).click();
    await ada.getByRole('alert').getByText('Ada is not logged in here.').waitFor();
    expect(await ada.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true);
  });

  test('when the server does not answer', async () => {
    const { page, ada } = await logBothIn();
    await page.route('**/ada/notify', (route) => route.abort());
    await ada.getByRole('button', { name: 'Send' }).click();
    await ada.getByRole('alert').getByText('The server of this example does not answer.').waitFor();
  });

  test('when the session and the login are gone', async () => {
    const { context, ada } = await logBothIn();
    await context.clearCookies();
    const { sessions } = (await (await fetch(`${runtime.url}/status/${account}`)).json()) as {
      sessions: { sessionId: string }[];
    };
    for (const { sessionId } of sessions) await request(() => fetch(`${runtime.url}/destroy/${account}/${sessionId}`));
    await ada.getByRole('alert').getByText('The login has ended.').waitFor();
    await ada.getByRole('button', { name: 'Log in as Ada' }).waitFor();
  });
});

test('everything can be done with the keyboard, and every control has a name', async () => {
  const { page, ada, ben } = await logBothIn();
  await until(
    () => page.evaluate(() => document.activeElement?.getAttribute('name')),
    (name) => name === 'text',
  );
  await page.keyboard.type('by hand');
  await page.keyboard.press('Enter');
  await eventWith(ben, 'by hand').waitFor();
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('input, select, button, iframe, [tabindex]')]
      .filter((control) => !(control as HTMLInputElement).labels?.length && !control.textContent)
      .map(({ outerHTML }) => outerHTML),
  );
  expect(nameless).toEqual([]);
  await ada.getByRole('log', { name: 'Events of Ada' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await ada.getByText('Asleep', { exact: true }).waitFor();
});

test.each(['light', 'dark'] as const)(
  'at 390 pixels nothing scrolls sideways, and all is legible: %s',
  async (scheme) => {
    const { page, ada, ben } = await logBothIn({ viewport: { width: 390, height: 844 }, colorScheme: scheme });
    await send(ada, 'w'.repeat(300));
    await notify(JSON.stringify({ long: 'x'.repeat(300) }));
    await ben.locator('.foreign').waitFor();
    await page.getByRole('button', { name: 'Open six more tabs' }).click();
    await page.getByText('7 tabs, 1 poll', { exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const selector of [
      'h1',
      '.whose',
      '.state',
      'label',
      '.to',
      '.took',
      '.payload',
      '.person',
      '.primary',
      '.facts',
    ]) {
      expect([selector, (await contrastOf(ben.or(page.locator('body')).locator(selector).first())) >= 4.5]).toEqual([
        selector,
        true,
      ]);
    }
  },
);

test('the page has an icon, and loads nothing from elsewhere', async () => {
  const page = await (await newContext()).newPage();
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(`${runtime.url}/example`);
  await page.getByRole('button', { name: 'Log both in' }).waitFor();
  const icon = await page.locator('link[rel=icon]').evaluate((link) => (link as HTMLLinkElement).href);
  expect((await fetch(icon)).headers.get('content-type')).toContain('image/svg+xml');
  expect([...hosts]).toEqual([new URL(runtime.url).host]);
});
