import type { MovableClock } from './clock.ts';
import { isCrossSite } from './protocols/page-guard.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './protocols/http.ts';
import { messageOf } from './values.ts';

const answer = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The object in a body; undefined when it is not one. */
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
    return answer(400, { error: 'InvalidRequest', message: messageOf(error) });
  }
};

/**
 * What developers and browser tests can ask of the emulator and not of AWS: `POST /_local/clock` with
 * `{ "advanceSeconds": 3600 }` moves the clock and answers the new time. Every other request is passed to `next`.
 */
export const withControl =
  (clock: MovableClock, next: HttpHandler): HttpHandler =>
  (request) => {
    if (request.method !== 'POST' || request.path !== '/_local/clock') return next(request);
    return isCrossSite(request) ? next(request) : moveClock(clock, request);
  };
