import { existsSync } from 'node:fs';
import type { Engine, EnginePage } from './engine.ts';
import { startIntranetProxy } from './intranet-proxy.ts';
import { startProcess } from './process.ts';

const browser =
  process.env['MINIBROWSER_PATH'] ??
  ['webkitgtk-6.0', 'webkit2gtk-4.1'].map((name) => `/usr/lib/x86_64-linux-gnu/${name}/MiniBrowser`).find(existsSync) ??
  'MiniBrowser';

/** WebKitGTK by WebDriver, https://www.w3.org/TR/webdriver2/, on a screen of its own. */
export const startWebKit = async (): Promise<Engine> => {
  const screen = await startProcess('/usr/bin/Xvfb', () => ['-displayfd', '1', '-screen', '0', '1280x900x24']);
  const display = `:${await screen.find(/^(\d+)\n/m)}`;
  const port = 20_000 + (process.pid % 20_000);
  const driver = await startProcess('/usr/bin/WebKitWebDriver', () => [`--port=${port}`, '--host=127.0.0.1'], {
    env: { DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: unknown };
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value).slice(0, 1_000)}`);
    return value;
  };
  const options = { binary: browser, args: ['--automation'] };
  const intranetProxy = await startIntranetProxy();
  const proxy = { proxyType: 'manual', httpProxy: `127.0.0.1:${intranetProxy.port}` };
  const connect = async (): Promise<string> => {
    for (let attempt = 0; ; attempt++) {
      try {
        const session = await call('POST', '/session', {
          capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options, proxy } },
        });
        return `/session/${(session as { sessionId: string }).sessionId}`;
      } catch (error) {
        if (attempt > 50 || !String(error).includes('fetch failed')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const session = await connect();
  /** The window the browser began with: a new one is opened from it, since one that was closed cannot. */
  const home = (await call('GET', `${session}/window`)) as string;
  /** A driver has one window at a time. */
  let turn: Promise<unknown> = Promise.resolve();
  const inWindow = <T>(handle: string, act: () => Promise<T>): Promise<T> => {
    const mine = turn.then(async () => {
      await call('POST', `${session}/window`, { handle });
      return act();
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  const pageOf = (handle: string): EnginePage => {
    const run = async (method: string, path: string, body: object = {}): Promise<unknown> =>
      inWindow(handle, () => call(method, `${session}${path}`, method === 'POST' ? body : undefined));
    return {
      async evaluate(expression) {
        const script = `const [done] = arguments; Promise.resolve(${expression}).then((value) => done(JSON.stringify(value)), (error) => done(JSON.stringify({ error: String(error) })));`;
        const text = await run('POST', '/execute/async', { script, args: [] });
        return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
      },
      navigate: async (url) => {
        await run('POST', '/url', { url });
      },
      reload: async () => {
        await run('POST', '/refresh');
      },
      back: async () => {
        await run('POST', '/back');
      },
      close: async () => {
        await run('DELETE', '/window');
      },
    };
  };
  return {
    async open(url) {
      const created = inWindow(home, () => call('POST', `${session}/window/new`, { type: 'tab' }));
      const page = pageOf(((await created) as { handle: string }).handle);
      await page.navigate(url);
      return page;
    },
    close: async () => {
      await call('DELETE', session).catch(() => undefined);
      await driver.end();
      await screen.end();
      intranetProxy.close();
    },
  };
};
