/** The console in Chromium: each page, a create that failed, a redrive, and a page of another origin. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { consoleSites } from '../../operations/start/console.ts';
import { startService } from '../../operations/start/service.ts';
import { launchChromium } from './chromium.ts';
import { contrastOf } from './contrast.ts';
import { portOf } from '../tools/port-of.ts';
import { worstCase } from '../tools/worst-case.ts';

let runtime: Emulator;
let browser: Browser;

beforeAll(async () => {
  runtime = await startService({
    ...{ instantRetries: true, worstCase, context: { logDispatchData: 'true' } },
    sites: consoleSites(() => runtime),
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await runtime.stop();
});

/** A page of the console. It fails the test when its script does. */
const openPage = async (place: string, options: object = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`${runtime.url}/#/${place}`);
  return page;
};

const call = (path: string): Promise<Response> => fetch(`${runtime.url}${path}`);

test('one button sends an event, and shows its run from beginning to end', async () => {
  const page = await openPage('');
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.getByText('The event went through this run').waitFor();
  await page.getByRole('button', { name: /^Route Messages, Task, succeeded$/ }).waitFor();
  await page.getByRole('button', { name: /^Route Messages, Task, succeeded$/ }).click();
  await page
    .getByRole('complementary', { name: 'State Route Messages' })
    .getByText('Hello from the console')
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'see it waiting there' }).click();
  await page.getByRole('button', { name: /console-test/ }).click();
  await page
    .getByRole('complementary')
    // In the worst case the metrics of a new queue come 15 minutes late.
    .getByText(worstCase ? /1 waiting/ : /1 waiting, oldest \d+ s/)
    .waitFor();
});

test('of a service on AWS the overview says when it was read, and is read again when asked', async () => {
  const page = await openPage('');
  await page.route('**/console/api/overview?*', async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as object;
    await route.fulfill({ response, json: { ...answer, keptFor: 60 } });
  });
  const asked = page.waitForRequest(/\/console\/api\/overview\?.*fresh=true/);
  await page.getByText(/^Counts of \d\d:\d\d:\d\d, read again every 60 s/).waitFor();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await asked;
});

test('a create that failed says which state failed, and why', async () => {
  const remove = runtime.faults.add({
    ...{ call: 'sqs:CreateQueue', when: 'before' },
    error: { name: 'AccessDenied', message: 'not allowed' },
  });
  await call('/create/500/broken');
  remove();
  const page = await openPage('runs');
  await page.getByLabel('failed only').check();
  await page
    .getByRole('link', { name: /create-session/ })
    .first()
    .click();
  await page.locator('.graph .caught, .graph .failed').first().waitFor();
  await page.getByRole('complementary', { name: 'State Make Queue' }).waitFor();
});

test('rejected records are listed with the reason, and put back with progress', async () => {
  await runtime.ask('kinesis', 'PutRecords', {
    StreamName: runtime.outputs['EventStreamName'],
    Records: ['no message', '[]'].map((text) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: 'k' })),
  });
  await runtime.idle();
  const page = await openPage('dead-letters');
  await page.getByText('record is "no message", but must be a JSON object').click();
  await page
    .getByRole('complementary', { name: /^Dead letter shardId/ })
    .getByText('no message', { exact: true })
    .waitFor();
  await page.getByRole('button', { name: 'Put back all 2' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.getByText('rejected: 2 put back').waitFor();
});

/** Each page: its heading, what it asks for, and what it says when there is nothing. */
interface PageCase {
  readonly place: string;
  readonly heading: string;
  readonly question: string;
  readonly empty?: string;
}

const pages: readonly PageCase[] = [
  { place: '', heading: 'Overview', question: 'overview' },
  { place: 'sessions', heading: 'Sessions', question: 'sessions', empty: 'No sessions. Create one with' },
  { place: 'messages', heading: 'Messages', question: 'messages', empty: 'No messages in the last hour.' },
  { place: 'runs', heading: 'Runs', question: 'runs', empty: 'No runs were logged in this time.' },
  { place: 'dead-letters', heading: 'Dead letters', question: 'dead-letters', empty: 'Nothing waits' },
  { place: 'logs', heading: 'Logs', question: 'logs', empty: 'No lines in this time.' },
  { place: 'alarms', heading: 'Alarms', question: 'alarms', empty: 'The stack has no alarms.' },
];

const loaded = '.list, .empty, .alarms, .architecture';

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test.each(pages)(
    'the page $heading shows what there is at 390 pixels, without scrolling sideways',
    async ({ place, heading }) => {
      const page = await openPage(place, { viewport: { width: 390, height: 844 }, colorScheme });
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      await page.locator(loaded).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await contrastOf(page.getByRole('heading', { name: heading, exact: true }))).toBeGreaterThan(7);
      for (const text of await page.locator('.dim, .hint, .what, .empty').all()) {
        if (await text.isVisible()) expect(await contrastOf(text)).toBeGreaterThan(4.5);
      }
      await page.context().close();
    },
  );
});

test.each(pages)(
  'the page $heading says what went wrong, and asks again on demand',
  async ({ place, heading, question }) => {
    const page = await openPage('');
    let isBroken = true;
    await page.route(`**/console/api/${question}?*`, (route) =>
      isBroken ? route.fulfill({ status: 502, json: { error: 'AWS is on holiday' } }) : route.continue(),
    );
    await page.goto(`${runtime.url}/#/${place}`);
    await page.reload();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    await page.getByRole('alert').getByText('AWS is on holiday').waitFor();
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator(loaded).first().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.context().close();
  },
);

test.each(pages.filter(({ empty }) => empty !== undefined))(
  'the page $heading says when there is nothing',
  async ({ place, question, empty = '' }) => {
    const page = await openPage('');
    await page.route(`**/console/api/${question}?*`, (route) => route.fulfill({ json: [] }));
    await page.goto(`${runtime.url}/#/${place}`);
    await page.locator('.empty').getByText(empty).waitFor();
    await page.context().close();
  },
);

test('every page is reached, and a row opened, with the keyboard alone', async () => {
  await call('/create/700/keyboard');
  const page = await openPage('');
  await page.getByRole('link', { name: 'Overview' }).waitFor();
  for (const { heading } of pages.slice(1)) {
    const link = page.getByRole('link', { name: heading, exact: true }).first();
    for (let tabs = 0; tabs < 20 && !(await link.evaluate((node) => node === document.activeElement)); tabs += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  }
  await page.goto(`${runtime.url}/#/sessions`);
  const row = page.getByRole('button', { name: /keyboard/ });
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Session keyboard' }).waitFor();
});

test('100,000 runs are scrolled through with a few dozen rows in the document', async () => {
  const page = await openPage('');
  const total = 100_000;
  const run = (number: number) => ({
    ...{ arn: `arn:aws:states:r:0:express:m:n${number}:1`, machine: 'dispatch', status: 'SUCCEEDED' },
    ...{ started: 1_000_000 - number, ended: 1_000_001 - number },
  });
  await page.route('**/console/api/runs?*', (route) => {
    const until = new URL(route.request().url()).searchParams.get('until');
    const from = until === null ? 0 : 1_000_001 - Number(until);
    const length = Math.min(until === null ? 500 : total, total - from);
    return route.fulfill({ json: Array.from({ length }, (_, index) => run(from + index)) });
  });
  await page.goto(`${runtime.url}/#/runs`);
  const list = page.getByRole('list', { name: 'Runs' });
  await page.getByText('500 runs').waitFor();
  await list.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await page.getByText('100,000 runs').waitFor();
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
});

test('10,000 sessions are listed with a few dozen rows in the document', async () => {
  const sessions = Array.from({ length: 10_000 }, (_, index) => ({
    ...{ accountId: 1, sessionId: `s${index}`, queueUrl: 'http://q', expires: 9_999_999_999 },
  }));
  const page = await openPage('');
  await page.route('**/console/api/sessions*', (route) => route.fulfill({ json: sessions }));
  await page.goto(`${runtime.url}/#/sessions`);
  await page.getByRole('button', { name: /s0 / }).first().waitFor();
  const list = page.getByRole('list', { name: 'Sessions' });
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await list.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await page.getByText('s9999', { exact: true }).waitFor();
});

test('a page of another origin reads nothing and changes nothing', async () => {
  const other = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>other</p>'),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${portOf(other)}/`);
  const read = (method: string) =>
    page.evaluate(
      async ([url, how]) => {
        try {
          const response = await fetch(`${url}/console/api/${how === 'GET' ? 'sessions' : 'create'}`, {
            method: how,
            ...(how === 'POST' && { body: '{"accountId":600,"sessionId":"x"}' }),
          });
          return await response.text();
        } catch (error) {
          return (error as Error).name;
        }
      },
      [runtime.url, method] as const,
    );
  expect([await read('GET'), await read('POST')]).toEqual(['TypeError', 'TypeError']);
  const sessions: unknown = await (await call('/console/api/sessions?account=600')).json();
  expect(sessions).toEqual([]);
  other.close();
});
