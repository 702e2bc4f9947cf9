import * as z from 'zod/mini';
import type { Deployment } from '../deployment/deployment.ts';
import { DeploymentError } from '../deployment/errors.ts';
import type { Guard } from './guard.ts';
import { isLocal, readCookie, refusal } from './guard.ts';
import { renderPage } from './page-html.ts';
import type { PageFiles } from './page-files.ts';
import { changes, questions } from './questions.ts';

export interface ConsoleOptions {
  /**
   * Opens the deployment; called when it is first asked for.
   * @param construct the service of the stack that the page shows; undefined until one was chosen
   */
  readonly open: (construct: string | undefined) => Promise<Deployment>;
  readonly files: () => Promise<PageFiles>;
  readonly guard: Guard;
}

/** The console as a function from a request to its response: at `/` its page, under `/console/` what the page needs. */
export type ConsoleSite = (request: Request) => Promise<Response>;

/** No other page may show the console in a frame, and nothing but its own files runs in it. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const answer = (status: number, type: string, body: string, headers: Record<string, string> = {}): Response =>
  new Response(body, { status, headers: { ...securityHeaders, 'content-type': type, ...headers } });

const json = (status: number, value: unknown): Response =>
  answer(status, 'application/json', JSON.stringify(value ?? null));

const failed = (status: number, message: string): Response => json(status, { error: message });

/** The status of an error, and a sentence for it. */
const explain = (error: unknown): Response => {
  if (error instanceof z.core.$ZodError) return failed(400, `The request is not right: ${z.prettifyError(error)}`);
  if (error instanceof DeploymentError) return failed(502, error.message);
  if (!(error instanceof Error)) return failed(500, 'Something unforeseen happened.');
  const status = 'status' in error ? error.status : undefined;
  return failed(typeof status === 'number' && status >= 400 ? status : 502, `${error.name}: ${error.message}`);
};

/** Creates the console's site. It keeps what was opened. */
export const createConsole = ({ open, files, guard }: ConsoleOptions): ConsoleSite => {
  const opened = new Map<string, Promise<Deployment>>();
  const deployment = ({ searchParams }: URL): Promise<Deployment> => {
    const construct = searchParams.get('construct') ?? '';
    const known = opened.get(construct);
    if (known) return known;
    const opening = open(construct === '' ? undefined : construct).catch((error: unknown) => {
      opened.delete(construct);
      throw error;
    });
    opened.set(construct, opening);
    return opening;
  };

  const ask = async (name: string, url: URL): Promise<Response> => {
    const question = questions[name];
    if (!question || !Object.hasOwn(questions, name)) return failed(404, `There is no question ${name}.`);
    return json(200, await question(await deployment(url), Object.fromEntries(url.searchParams)));
  };

  const change = async (name: string, url: URL, request: Request): Promise<Response> => {
    const run = changes[name];
    if (!run || !Object.hasOwn(changes, name)) return failed(404, `There is no change ${name}.`);
    const body: unknown = await request.json().catch(() => undefined);
    return json(200, await run(await deployment(url), body));
  };

  const respond = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const [, name] = /^\/console\/api\/([\w-]+)$/.exec(url.pathname) ?? [];
    if (name !== undefined) return request.method === 'GET' ? ask(name, url) : change(name, url, request);
    if (request.method !== 'GET') return failed(405, 'The console’s page is read with GET.');
    if (url.pathname === '/') return answer(200, 'text/html; charset=utf-8', renderPage(guard.token));
    const file = (await files())[url.pathname];
    return file ? answer(200, file.type, file.body) : failed(404, `There is no ${url.pathname} in the console.`);
  };

  return async (request) => {
    const url = new URL(request.url);
    const reason = refusal(request, guard);
    // The address that was printed lets one browser in: from then on the cookie lets it read.
    if (guard.reading && request.method === 'GET' && url.pathname === '/' && isLocal(request)) {
      const admitted = guard.reading.admit(url.searchParams.get('token'));
      if (admitted) return answer(303, 'text/plain', '', { location: '/', 'set-cookie': readCookie(guard.reading) });
    }
    if (reason !== undefined) return failed(403, reason);
    return respond(request).catch(explain);
  };
};
