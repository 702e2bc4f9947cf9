/** Web pages that attack a server on this machine: of another port, of another site, and of a name that is rebound to 127.0.0.1. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { portOf } from '../tools/port-of.ts';

/** The name of the attacker's site. In this Chromium every request for it goes to 127.0.0.1. */
const name = 'evil.test';

export type From = 'another port' | 'another site' | 'a rebound name';

export const origins: readonly From[] = ['another port', 'another site', 'a rebound name'];

export class Attacker {
  readonly #browser: Browser;
  readonly #port: number;
  readonly #close: () => void;

  private constructor(browser: Browser, port: number, close: () => void) {
    this.#browser = browser;
    this.#port = port;
    this.#close = close;
  }

  static async open(): Promise<Attacker> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>attack</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchChromium([
      `--host-resolver-rules=MAP ${name} 127.0.0.1`,
      // Not every browser asks the user before a page reaches this machine, and users say yes.
      '--disable-features=LocalNetworkAccessChecks',
    ]);
    return new Attacker(browser, portOf(server), () => {
      server.closeAllConnections();
      server.close();
    });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#close();
  }

  /** A page of the attacker, and the address under which it tries to reach the server at `target`. */
  async visit(from: From, target: string): Promise<{ page: Page; target: string }> {
    const page = await (await this.#browser.newContext()).newPage();
    const { port } = new URL(target);
    if (from !== 'a rebound name') {
      await page.goto(`http://${from === 'another site' ? name : '127.0.0.1'}:${this.#port}/`);
      return { page, target };
    }
    // The name led to the attacker's server when the page was loaded, and leads to this machine from then on.
    const rebound = `http://${name}:${port}`;
    await page.route(`${rebound}/attack`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto(`${rebound}/attack`);
    return { page, target: rebound };
  }
}

export interface Attempt {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly mode?: 'cors' | 'no-cors';
}

/** What the page can read of the answer to its request: status and text; `nothing` where the browser does not let it. */
export const tryFetch = (page: Page, url: string, attempt: Attempt = {}): Promise<string> =>
  page.evaluate(
    async ([address, init]) => {
      try {
        // With cookies a page could read only what names its origin.
        const credentials = init.mode === 'no-cors' ? 'include' : 'omit';
        const response = await fetch(address, { ...init, credentials });
        return response.type === 'opaque' ? 'nothing' : `${response.status} ${await response.text()}`;
      } catch {
        return 'nothing';
      }
    },
    [url, attempt] as const,
  );

/** Loads an image from there; resolves when the browser has an answer. */
export const tryImage = (page: Page, url: string): Promise<void> =>
  page.evaluate(
    (address) =>
      new Promise<void>((resolve) => {
        const image = new Image();
        image.onload = image.onerror = () => {
          resolve();
        };
        image.src = address;
      }),
    url,
  );

/** Sends a form there, which the browser shows the answer of. */
export const tryForm = async (page: Page, url: string, fields: Readonly<Record<string, string>>): Promise<void> => {
  const answered = page.waitForResponse((response) => response.url() === url);
  await page.evaluate(
    ([action, values]) => {
      const form = Object.assign(document.createElement('form'), { action, method: 'post' });
      for (const [key, value] of Object.entries(values)) {
        form.append(Object.assign(document.createElement('input'), { name: key, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [url, fields] as const,
  );
  await answered;
};

/** Opens the address in a frame, and returns the text that the frame shows. */
export const tryFrame = async (page: Page, url: string): Promise<string> => {
  await page.evaluate(
    (address) =>
      new Promise<void>((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
          resolve();
        };
        frame.src = address;
        document.body.append(frame);
      }),
    url,
  );
  const [, frame] = page.frames();
  return (
    (await frame
      ?.locator('body')
      .textContent()
      .catch(() => '')) ?? ''
  );
};
