import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Fault } from 'aws-template-emulator';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import type { CallRecord } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { worstCase } from '../tools/worst-case.ts';
import { startChromium, type Chromium } from './chromium.ts';
import { openSite, pageAddress, type PageOptions, type Site } from './site.ts';
import { Tab } from './tab.ts';
import { until } from './until.ts';
import { serviceContext } from '../tools/identities.ts';

const answerSchema = z.record(z.string(), z.unknown());

/** The whole service, a web application that uses it, and Chromium. */
export class Stage {
  readonly runtime: Emulator;
  readonly site: Site;
  readonly chromium: Chromium;
  readonly #calls: CallRecord[] = [];
  /** Requests of the browser that came, by SQS's action; preflights as OPTIONS. */
  #requests: Record<string, number> = {};
  #tabs: Tab[] = [];
  readonly #faults: (() => void)[] = [];
  #sessions = 0;

  private constructor(runtime: Emulator, site: Site, chromium: Chromium) {
    this.runtime = runtime;
    this.site = site;
    this.chromium = chromium;
    runtime.calls.on((call) => this.#calls.push(call));
    subscribe('http.server.request.start', this.#onRequest);
  }

  static async open(): Promise<Stage> {
    const runtime = await startService({ warm: true, worstCase, context: serviceContext });
    const site = await openSite(() => runtime.outputs['ApiUrl'] ?? '');
    return new Stage(runtime, site, await startChromium());
  }

  async close(): Promise<void> {
    unsubscribe('http.server.request.start', this.#onRequest);
    await this.chromium.close();
    await this.site.close();
    await this.runtime.stop();
  }

  /** Every server of this process tells of its requests. */
  readonly #onRequest = (told: unknown): void => {
    const { method, headers } = (told as { request: IncomingMessage }).request;
    if (headers.host !== new URL(this.runtime.url).host || headers.origin === undefined) return;
    const name = method === 'OPTIONS' ? method : String(headers['x-amz-target']).replace('AmazonSQS.', '');
    this.#requests[name] = this.requests(name) + 1;
  };

  /** The answer of a route of the API. @throws Error unless it is a success. */
  async api(path: string, body?: object): Promise<Record<string, unknown>> {
    const post = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const response = await fetch(`${this.runtime.outputs['ApiUrl'] ?? ''}${path}`, body && post);
    const answer = answerSchema.parse(await response.json());
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** A new session whose messages are kept for a day; its id. */
  async newSession(): Promise<string> {
    const id = `session-${++this.#sessions}`;
    await this.api(`create/12345/${id}?MessageRetentionPeriod=86400`);
    return id;
  }

  /** Sends the session a message for each number, one after the other. */
  async notify(session: string, ...numbers: readonly number[]): Promise<void> {
    for (const n of numbers) await this.api(`notify/12345/session/${session}`, { n });
  }

  /** Puts a message for each number on the stream. */
  async put(session: string, numbers: readonly number[]): Promise<void> {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const kinesis = new KinesisClient({ endpoint: this.runtime.url, region: 'us-east-1', credentials });
    const StreamName = this.runtime.outputs['EventStreamName'];
    const encoder = new TextEncoder();
    for (let from = 0; from < numbers.length; from += 500) {
      const Records = numbers.slice(from, from + 500).map((n) => ({
        PartitionKey: session,
        Data: encoder.encode(JSON.stringify({ accountId: 12345, sessionId: session, n })),
      }));
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    }
    kinesis.destroy();
  }

  /** Opens a tab, in front of the others, with the site's page for a session. */
  async open(session: string, options: PageOptions = {}): Promise<Tab> {
    const tab = await Tab.open(this.chromium.context);
    this.#tabs.push(tab);
    await tab.page.goto(`${this.site.url}/${pageAddress(session, options)}`);
    return tab;
  }

  /** Opens a tab and waits until it polls, or knows that another one does. */
  async tab(session: string, options: PageOptions = {}): Promise<Tab> {
    const tab = await this.open(session, options);
    await tab.reaches({ status: 'polling' });
    return tab;
  }

  async tabs(count: number, session: string, options: PageOptions = {}): Promise<Tab[]> {
    const tabs = [];
    for (let opened = 0; opened < count; opened++) tabs.push(await this.tab(session, options));
    return tabs;
  }

  /** Sets a fault, until it is removed or the tabs are closed. */
  fault(fault: Fault): () => void {
    const remove = this.runtime.faults.add(fault);
    this.#faults.push(remove);
    return remove;
  }

  /** Waits until a tab's long poll waits at the service: its first poll asks only for what is there. */
  async longPoll(session: string): Promise<void> {
    await until(
      () => this.requests('ReceiveMessage'),
      (count) => count > 1,
    );
    // Whatever came before this call has come as far as it goes.
    await this.api(`status/12345/${session}`);
  }

  /** Has a page wait for an answer of the site, so that nothing in it runs until `site.goOn`. */
  async halt({ page }: Tab): Promise<void> {
    page
      .evaluate(() => {
        const request = new XMLHttpRequest();
        request.open('GET', 'halt', false);
        request.send();
      })
      .catch(() => undefined);
    await until(this.site.halted, (count) => count > 0);
  }

  /** Closes every tab, removes faults, and forgets what was counted. */
  async clear(): Promise<void> {
    for (const remove of this.#faults.splice(0)) remove();
    await Promise.all(this.#tabs.map(({ page }) => page.close()));
    this.#tabs = [];
    this.forget();
  }

  forget(): void {
    this.#calls.length = 0;
    this.#requests = {};
  }

  /** How many requests the browser sent so far for an action of SQS; `OPTIONS` for preflights. */
  requests(name: string): number {
    return this.#requests[name] ?? 0;
  }

  /** Calls of SQS that the browser made and that were let through to the queue, by action. */
  sqsCalls(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { service, action, principal } of this.#calls) {
      const isBrowser = principal.type === 'role' && principal.roleName.includes('Browser');
      if (service === 'sqs' && isBrowser) counts[action] = (counts[action] ?? 0) + 1;
    }
    return counts;
  }
}
