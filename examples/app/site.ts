/** The whole example as one function from a request to its answer: the backend, and the files of its page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BackendClient } from 'sqs-browser/backend';
import { ExampleBackend } from './backend.ts';

const folder = join(import.meta.dirname, 'page');

/** What the browser may load: its own files, and SQS wherever it is. */
const policy = "default-src 'self'; connect-src *; img-src data:; base-uri 'none'; frame-ancestors 'none'";

const bundlePage = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@sqs-browser/source'],
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
};

const files: Readonly<Record<string, { readonly type: string; readonly read: () => Promise<string> }>> = {
  '': { type: 'text/html', read: () => readFile(join(folder, 'index.html'), 'utf8') },
  'page.css': { type: 'text/css', read: () => readFile(join(folder, 'page.css'), 'utf8') },
  'page.js': { type: 'text/javascript', read: bundlePage },
};

/** Answers everything from /example on. */
export const createSite = (client: BackendClient): ((request: Request) => Promise<Response>) => {
  const backend = new ExampleBackend(client);
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/example') return new Response(null, { status: 307, headers: { location: '/example/' } });
    const name = pathname.slice('/example/'.length);
    const answered = await backend.handle(name, request);
    if (answered) return answered;
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!file) return new Response('There is nothing here.', { status: 404 });
    const headers = { 'content-type': `${file.type}; charset=utf-8`, 'content-security-policy': policy };
    return new Response(await file.read(), { headers: { ...headers, 'cache-control': 'no-cache' } });
  };
};
