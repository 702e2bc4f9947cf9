/** The whole example as one function from a request to its answer: the backend, and the files of its page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BackendClient } from 'sqs-browser/backend';
import { ExampleBackend } from './backend.ts';

const folder = join(import.meta.dirname, 'page');

/** What the browser may load: its own files, and SQS wherever it is. Only the page itself may frame its small tabs. */
const policy =
  "default-src 'self'; connect-src *; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'self'";

const bundle = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@sqs-browser/source'],
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
};

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

const files: Readonly<Record<string, { readonly type: string; readonly read: () => Promise<string> }>> = {
  '': { type: 'text/html', read: () => read('index.html') },
  'tab.html': { type: 'text/html', read: () => read('tab.html') },
  'page.css': { type: 'text/css', read: () => read('page.css') },
  'icon.svg': { type: 'image/svg+xml', read: () => read('icon.svg') },
  'page.js': { type: 'text/javascript', read: () => bundle('page') },
  'tab.js': { type: 'text/javascript', read: () => bundle('tab') },
};

/** Answers everything from /example on. */
export const createSite = (client: BackendClient, now?: () => number): ((request: Request) => Promise<Response>) => {
  const backend = new ExampleBackend(client, now);
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/example') return new Response(null, { status: 307, headers: { location: '/example/' } });
    const name = pathname.startsWith('/example/') ? pathname.slice('/example/'.length) : undefined;
    const answered = name === undefined ? undefined : await backend.handle(name, request);
    if (answered) return answered;
    const file = name !== undefined && Object.hasOwn(files, name) ? files[name] : undefined;
    if (!file) return new Response('There is nothing here. The example is at /example/.\n', { status: 404 });
    const headers = { 'content-type': `${file.type}; charset=utf-8`, 'content-security-policy': policy };
    const safe = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
    return new Response(await file.read(), { headers: { ...headers, ...safe } });
  };
};
