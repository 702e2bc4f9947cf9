import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { Events, State } from '../../client/browser/connect.ts';
import { until } from './until.ts';

declare global {
  interface Window {
    events: Events;
    moveClock: (milliseconds: number) => void;
  }
}

type Report = { readonly state: State } | { readonly since: number } | { readonly n: number; readonly at: number };

/** A tab of the browser, and what its pages told, one load after the other. */
export class Tab {
  readonly page: Page;
  readonly devtools: CDPSession;
  /** The number of each message shown, in order. */
  readonly shown: number[] = [];
  /** When each message was shown, epoch milliseconds. */
  readonly times = new Map<number, number>();
  readonly states: State[] = [];

  private constructor(page: Page, devtools: CDPSession) {
    this.page = page;
    this.devtools = devtools;
    devtools.on('Runtime.bindingCalled', ({ payload }) => {
      const report = JSON.parse(payload) as Report;
      if ('state' in report) {
        this.states.push(report.state);
      } else if ('n' in report) {
        this.shown.push(report.n);
        this.times.set(report.n, report.at);
      }
    });
  }

  static async open(context: BrowserContext): Promise<Tab> {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Runtime.enable');
    await devtools.send('Runtime.addBinding', { name: 'record' });
    return new Tab(page, devtools);
  }

  /** Waits until the tab has shown so many messages, as long as it shows more and more. */
  async showed(count: number): Promise<readonly number[]> {
    while (this.shown.length < count) {
      const before = this.shown.length;
      await until(
        () => this.shown.length,
        (length) => length > before,
      );
    }
    return this.shown;
  }

  /** Waits until the connection is in a state that has these members. */
  async reaches(wanted: Partial<State>): Promise<State> {
    return until(
      () => this.states.at(-1),
      (last): last is State =>
        last !== undefined && Object.entries(wanted).every(([name, value]) => Reflect.get(last, name) === value),
    );
  }

  /** The reasons of its states since some moment, in order. */
  reasons(since = 0): readonly string[] {
    return this.states.slice(since).map(({ reason }) => reason);
  }

  leads(): Promise<boolean> {
    return this.page.evaluate(() => 'events' in globalThis.window && globalThis.window.events.leader);
  }

  /** Moves what the page takes for the time. */
  async moveClock(milliseconds: number): Promise<void> {
    await this.page.evaluate((by) => {
      globalThis.window.moveClock(by);
    }, milliseconds);
  }

  /** Freezes the page, which is hidden, as the browser does to save energy. */
  async freeze(): Promise<void> {
    await this.devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  async thaw(): Promise<void> {
    await this.devtools.send('Page.setWebLifecycleState', { state: 'active' });
  }

  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    this.devtools.send('Page.crash').catch(() => undefined);
    await crashed;
  }
}

/** The tab that polls. */
export const leaderOf = (tabs: readonly Tab[]): Promise<Tab> =>
  until(
    async () => {
      const leads = await Promise.all(tabs.map((tab) => tab.leads()));
      return tabs.find((_, index) => leads[index]);
    },
    (leader): leader is Tab => leader !== undefined,
  );
