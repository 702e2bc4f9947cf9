import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { bundleModule, bundleScript } from '../../client/bundle.ts';
import { portOf } from '../tools/port-of.ts';

/** A web application of another origin than the queues: its pages, and a backend that renews. */
export interface Site {
  readonly url: string;
  /** How often a page asked for new keys. */
  readonly renewals: () => number;
  /** The messages of a session that pages told the site they showed. */
  readonly shown: (session: string) => readonly number[];
  /** Answers the requests for `halt`, which are kept until then. */
  readonly goOn: () => void;
  readonly halted: () => number;
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  /** Options of `connect`, as JSON. */
  readonly options?: object;
  /** The site's route that renews. */
  readonly renew?: 'renew' | 'revive';
  /** The handler never returns. */
  readonly hangs?: boolean;
  /** The page reports each message shown to the site, also when it closes. */
  readonly log?: boolean;
  /** What the page's clock is ahead, milliseconds. */
  readonly clock?: number;
  /** The page keeps events for when it was away. */
  readonly history?: boolean;
  readonly file?: 'index.html' | 'script.html';
}

/** The page of the site for a session. */
export const pageAddress = (session: string, options: PageOptions): string => {
  const { options: connectOptions = {}, renew = 'renew', hangs, log, history, clock = 0, file } = options;
  const query = new URLSearchParams({ session, renew, clock: `${clock}`, options: JSON.stringify(connectOptions) });
  if (hangs) query.set('hangs', '');
  if (log) query.set('log', '');
  if (history) query.set('history', '');
  return `${file ?? ''}?${query.toString()}`;
};

const html = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>page</title>${body}`;

/** A clock that can be wrong, or jump as that of a machine that slept. */
const clock = `
  let offset = Number(new URLSearchParams(location.search).get('clock'));
  const { now } = Date;
  Date.now = () => now() + offset;
  globalThis.moveClock = (milliseconds) => { offset += milliseconds; };
`;

/** Where no binding of the tests is there, the page keeps what it would tell; and whether it came from the back/forward cache. */
const recording = `
  globalThis.records = [];
  globalThis.record ??= (text) => records.push(JSON.parse(text));
  addEventListener('pageshow', ({ persisted }) => { globalThis.isKept = persisted; });
`;

/** Tells the tests, by a binding of theirs, each message's \`n\` and each state. */
const application = `
  const settings = new URLSearchParams(location.search);
  const id = settings.get('session');
  const session = await (await fetch('session/' + id)).json();
  const renew = () => fetch(settings.get('renew') + '/' + id).then((answer) => answer.json());
  const history = settings.has('history') ? eventHistory() : undefined;
  const events = globalThis.events = connect({ session, renew, history, ...JSON.parse(settings.get('options')) });
  const tell = (state) => record(JSON.stringify({ state }));
  tell(events.state);
  events.addEventListener('statechange', ({ state }) => tell(state));
  events.addEventListener('resync', ({ since }) => record(JSON.stringify({ since })));
  events.addEventListener('message', ({ data }) => {
    record(JSON.stringify({ n: data.n, at: performance.timeOrigin + performance.now() }));
    if (settings.has('log')) navigator.sendBeacon('shown/' + id, data.n);
    if (settings.has('hangs')) return new Promise(() => {});
  });
`;

const files = async (): Promise<Record<string, string>> => ({
  'client.js': (await bundleModule('client')).code,
  'sqs-browser.js': (await bundleScript()).code,
  'index.html': html(`<script>${clock}${recording}</script><script type="module" src="app.js"></script>`),
  'history.js': (await bundleModule('history')).code,
  'app.js': `import { connect } from './client.js'; import { eventHistory } from './history.js';${application}`,
  'script.html': html(
    `<script>${clock}</script><script src="sqs-browser.js"></script>
     <script>(async () => { const { connect, eventHistory } = sqsBrowser;${application}})();</script>`,
  ),
  'blank.html': html(''),
});

const types: Record<string, string> = { js: 'text/javascript', html: 'text/html; charset=utf-8' };

/** @param apiUrl where the session API is, with a slash at its end. */
export const openSite = async (apiUrl: () => string): Promise<Site> => {
  const contents = await files();
  let renewals = 0;
  const halted = new Set<ServerResponse>();
  const shown = new Map<string, number[]>();

  const log = async (request: IncomingMessage, id: string): Promise<void> => {
    const told = Number(await text(request));
    shown.set(id, [...(shown.get(id) ?? []), told]);
  };

  const ask = (route: string, id: string): Promise<Response> => fetch(`${apiUrl()}${route}/12345/${id}`);

  const backend: Record<string, (id: string) => Promise<Response>> = {
    session: (id) => ask('status', id),
    renew: (id) => {
      renewals++;
      return ask('renew', id);
    },
    /** Of a backend that makes a session anew when it is gone. */
    revive: async (id) => {
      renewals++;
      const renewed = await ask('renew', id);
      return renewed.status === 404 ? ask('create', id) : renewed;
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, name = '', id = ''] = new URL(request.url ?? '/', 'http://site').pathname.split('/');
    if (name === 'halt') {
      halted.add(response);
      return;
    }
    if (name === 'shown') {
      await log(request, id);
      response.writeHead(204).end();
      return;
    }
    const answered = await backend[name]?.(id);
    const content = answered ? await answered.text() : contents[name || 'index.html'];
    const type = answered ? 'application/json' : types[name.split('.').at(-1) || 'html'];
    response.writeHead(answered?.status ?? (content === undefined ? 404 : 200), { 'content-type': type });
    response.end(content);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    renewals: () => renewals,
    shown: (session) => shown.get(session) ?? [],
    goOn: () => {
      for (const response of halted) response.end();
      halted.clear();
    },
    halted: () => halted.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
