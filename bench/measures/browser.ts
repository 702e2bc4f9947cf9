import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { launchChromium } from '../../test/browser/chromium.ts';
import type { Site } from '../../test/browser/site.ts';
import { openSite } from '../../test/browser/site.ts';
import type { Measured } from '../measure.ts';
import { maxPutRecords, putRecords } from '../put-records.ts';
import { quantile } from '../quantiles.ts';
import type { Subject } from '../subject.ts';

/** The account that the site's backend asks for. */
const account = 12_345;
const messages = 1000;
const runs = 3;

const figure = {
  name: `browser client, main thread for ${messages.toLocaleString('en-US')} messages that wait`,
  unit: 'ms',
  aim: '<= 600',
} as const;

/** Fills the queue of a new session. */
const fill = async (subject: Subject, sessionId: string): Promise<void> => {
  await subject.create(account, sessionId);
  await subject.counts();
  const records = Array.from({ length: messages }, (_, n) => {
    return [sessionId, JSON.stringify({ accountId: account, sessionId, n })] as const;
  });
  for (let from = 0; from < messages; from += maxPutRecords)
    await putRecords(subject, records.slice(from, from + maxPutRecords));
  await subject.counts({ records: messages });
};

const callsSchema = z.record(z.string(), z.number());

/** Resolves when the client has deleted every message, ten to a call. @throws Error after half a minute */
const deleted = async (subject: Subject): Promise<void> => {
  let batches = 0;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    batches += callsSchema.parse((await subject.counts()).calls)['sqs:DeleteMessageBatch'] ?? 0;
    if (batches >= messages / 10) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The client deleted ${batches} batches, not ${messages / 10}`);
};

/** What of the client the page uses: client/browser/connect.ts. */
interface Client {
  readonly connect: (options: { readonly session: unknown; readonly renew: () => Promise<unknown> }) => EventTarget;
}

/** Runs in the page: shows all messages of the session. */
const receive = async ([session, count]: readonly [string, number]): Promise<void> => {
  const address: string = '/client.js';
  const { connect } = (await import(address)) as Client;
  const backend = async (): Promise<unknown> => JSON.parse(await (await fetch(`/session/${session}`)).text());
  const events = connect({ session: await backend(), renew: backend });
  let shown = 0;
  await new Promise<void>((resolve) => {
    events.addEventListener('message', () => {
      shown += 1;
      if (shown === count) resolve();
    });
  });
};

/** Milliseconds of CPU of the page's main thread. */
const run = async (subject: Subject, browser: Browser, site: Site, sessionId: string): Promise<number> => {
  await fill(subject, sessionId);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.url}/blank.html`);
  const devTools = await context.newCDPSession(page);
  // Time of the thread, not of the clock: https://chromedevtools.github.io/devtools-protocol/tot/Performance/
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const before = await spent();
  await page.evaluate(receive, [sessionId, messages] as const);
  await deleted(subject);
  const after = await spent();
  await context.close();
  return after - before;
};

/** The CPU time of a page's main thread for 1,000 messages that wait in the queue: received, checked, shown and deleted. */
export const measureBrowser = async (subject: Subject): Promise<Measured> => {
  let browser: Browser;
  try {
    browser = await launchChromium();
  } catch (error) {
    const { message } = error as Error;
    return { figures: [], unmeasured: [{ ...figure, reason: message }] };
  }
  const site = await openSite(() => subject.outputs['ApiUrl'] ?? '');
  try {
    const times: number[] = [];
    for (let index = 0; index < runs; index += 1) times.push(await run(subject, browser, site, `browser${index}`));
    return { figures: [{ ...figure, value: Math.round(quantile(times, 0.5)) }] };
  } finally {
    await browser.close();
    await site.close();
  }
};
