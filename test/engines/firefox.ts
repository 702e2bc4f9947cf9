import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { intranet, type Engine, type EnginePage, type EngineSettings } from './engine.ts';
import { startProcess } from './process.ts';

interface Answer {
  readonly id?: number;
  readonly type: string;
  readonly message?: string;
  readonly result?: Readonly<Record<string, unknown>>;
}

type Send = (method: string, params: object) => Promise<Readonly<Record<string, unknown>>>;

/** WebDriver BiDi, https://w3c.github.io/webdriver-bidi/: commands and their answers over a WebSocket. */
const connectBidi = async (url: string): Promise<Send> => {
  const socket = new WebSocket(url);
  const waiting = new Map<
    number,
    { resolve: (result: Readonly<Record<string, unknown>>) => void; reject: (error: Error) => void }
  >();
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => {
      reject(new Error(`Nothing listens at ${url}`));
    });
  });
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, type, message, result = {} } = JSON.parse(String(data)) as Answer;
    const call = waiting.get(id);
    waiting.delete(id);
    if (type === 'success') call?.resolve(result);
    else call?.reject(new Error(message ?? type));
  });
  let count = 0;
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
};

const pageOf = (send: Send, context: string): EnginePage => ({
  async evaluate(expression) {
    const answer = await send('script.evaluate', {
      expression: `Promise.resolve(${expression}).then(JSON.stringify)`,
      ...{ target: { context }, awaitPromise: true },
    });
    const { type, result } = answer as { type: string; result?: { type: string; value?: string } };
    if (type !== 'success') throw new Error(JSON.stringify(answer).slice(0, 1_000));
    const value: unknown = result?.value === undefined ? undefined : JSON.parse(result.value);
    return value;
  },
  navigate: async (url) => {
    await send('browsingContext.navigate', { context, url, wait: 'complete' });
  },
  reload: async () => {
    await send('browsingContext.reload', { context, wait: 'complete' });
  },
  back: async () => {
    await send('browsingContext.traverseHistory', { context, delta: -1 });
  },
  close: async () => {
    await send('browsingContext.close', { context });
  },
});

const executable = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';

/** Firefox by WebDriver BiDi, which it speaks itself. */
export const startFirefox = async ({ blocksCookies = false }: EngineSettings = {}): Promise<Engine> => {
  const preferences = {
    ...(blocksCookies && { 'network.cookie.cookieBehavior': 2 }),
    ...{ 'app.update.disabledForTesting': true, 'datareporting.policy.dataSubmissionEnabled': false },
    // Over plain HTTP, as on an intranet.
    'network.dns.localDomains': intranet,
    'browser.tabs.unloadOnLowMemory': false,
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  const started = await startProcess(
    executable,
    (folder) => ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0', 'about:blank'],
    { prepare: (folder) => writeFile(join(folder, 'user.js'), lines.join('')) },
  );
  const send = await connectBidi(`${await started.find(/WebDriver BiDi listening on (ws:\S+)/)}/session`);
  await send('session.new', { capabilities: {} });
  return {
    async open(url) {
      const { context } = await send('browsingContext.create', { type: 'tab' });
      const page = pageOf(send, String(context));
      await page.navigate(url);
      return page;
    },
    close: started.end,
  };
};
