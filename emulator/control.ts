import type { MovableClock } from './clock.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './protocols/http.ts';

/** Names of this machine: a page of another site cannot pretend to be one of them. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const answer = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The object a body holds; undefined when it holds none. */
const readObject = (body: Buffer): { readonly advanceSeconds?: unknown } | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const readSeconds = (body: Buffer): number => {
  const { advanceSeconds } = readObject(body) ?? {};
  if (typeof advanceSeconds === 'number') return advanceSeconds;
  throw new TypeError('The body must be a JSON object whose advanceSeconds is a number');
};

const moveClock = (clock: MovableClock, { body }: HttpRequest): HttpResponse => {
  try {
    clock.advance(readSeconds(body) * 1000);
    return answer(200, { now: clock.now() });
  } catch (error) {
    return answer(400, { error: 'InvalidRequest', message: (error as Error).message });
  }
};

/**
 * What developers and browser tests can ask of the emulator and not of AWS: `POST /_local/clock` with
 * `{ "advanceSeconds": 3600 }` moves the clock and answers the new time. Everything else goes on to `next`.
 */
export const withControl =
  (clock: MovableClock, next: HttpHandler): HttpHandler =>
  (request) => {
    if (request.method !== 'POST' || request.path !== '/_local/clock') return next(request);
    const { host = '', origin } = request.headers;
    // A browser sends such a request for a page of any site without asking first, but says whose page it is.
    const isOurs = origin === undefined || loopback.test(origin.replace(/^https?:\/\//, ''));
    return isOurs && loopback.test(host) ? moveClock(clock, request) : next(request);
  };
