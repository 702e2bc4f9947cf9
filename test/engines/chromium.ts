import type { Engine, EngineSettings } from './engine.ts';
import { launchChromium } from '../browser/chromium.ts';

/** Chromium by Playwright. */
export const startChromium = async ({ blocksCookies = false }: EngineSettings = {}): Promise<Engine> => {
  const browser = await launchChromium();
  const context = await browser.newContext();
  if (blocksCookies) {
    // What a page finds when cookies are blocked, as in Firefox: https://developer.mozilla.org/docs/Web/API/BroadcastChannel
    await context.addInitScript(() => {
      const forbidden = (): never => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      Object.defineProperty(globalThis, 'localStorage', { get: forbidden });
      Object.defineProperty(globalThis, 'sessionStorage', { get: forbidden });
      Object.defineProperty(globalThis, 'BroadcastChannel', { value: forbidden });
    });
  }
  return {
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return {
        evaluate: (expression) => page.evaluate(expression),
        navigate: async (to) => {
          await page.goto(to);
        },
        reload: async () => {
          await page.reload();
        },
        back: async () => {
          await page.goBack();
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
};
