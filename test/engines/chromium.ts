import type { CDPSession } from 'playwright-core';
import { startChromium as start } from '../browser/chromium.ts';
import { until } from '../browser/until.ts';
import { intranet, type Engine, type EnginePage, type EngineSettings } from './engine.ts';

/** A page by the DevTools protocol alone: Playwright does not know pages that come back from the back/forward cache. */
const pageOf = (devtools: CDPSession, close: () => Promise<void>): EnginePage => {
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await devtools.send('Runtime.evaluate', {
      expression: `Promise.resolve(${expression}).then(JSON.stringify)`,
      ...{ awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails).slice(0, 1_000));
    const text: unknown = result.value;
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  };
  /** Does something that loads a page, and waits until it is there. */
  const load = async (act: () => Promise<unknown>): Promise<void> => {
    const loaded = new Promise<void>((resolve) => {
      devtools.once('Page.loadEventFired', () => {
        resolve();
      });
    });
    await act();
    await loaded;
  };
  return {
    evaluate,
    navigate: (url) => load(() => devtools.send('Page.navigate', { url })),
    reload: () => load(() => devtools.send('Page.reload')),
    async back() {
      const { currentIndex, entries } = await devtools.send('Page.getNavigationHistory');
      const { id: entryId, url } = entries[currentIndex - 1] ?? { id: 0, url: '' };
      await devtools.send('Page.navigateToHistoryEntry', { entryId });
      await until(
        () => evaluate('location.href').catch(() => undefined),
        (now) => now === url,
      );
    },
    close,
  };
};

/** Chromium, whose tabs are hidden, throttled and kept for the back button as a user's are. */
export const startChromium = async ({ blocksCookies = false }: EngineSettings = {}): Promise<Engine> => {
  const { context, close } = await start({
    flags: [`--host-resolver-rules=MAP ${intranet} 127.0.0.1`],
    // What the setting "block all cookies" writes.
    ...(blocksCookies && { preferences: { profile: { default_content_setting_values: { cookies: 2 } } } }),
  });
  return {
    async open(url) {
      const tab = await context.newPage();
      const devtools = await context.newCDPSession(tab);
      await devtools.send('Page.enable');
      const page = pageOf(devtools, () => tab.close());
      await page.navigate(url);
      return page;
    },
    close,
  };
};
