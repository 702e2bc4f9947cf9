import type { MovableClock } from './clock.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './protocols/http.ts';

/** Names of this machine: a page of another site cannot pretend to be one of them. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const answer = (status: number, body: object): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const readSeconds = (body: Buffer): number => {
  const { advanceSeconds } = JSON.parse(body.toString()) as { readonly advanceSeconds?: unknown };
  if (typeof advanceSeconds !== 'number') throw new TypeError('advanceSeconds must be a number');
  return advanceSeconds;
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
 * What developers and browser tests may tell the runtime, which AWS does not have: `POST /_local/clock` with
 * `{ "advanceSeconds": 3600 }` moves the clock and answers the new time. Everything else goes on to `next`.
 */
export const withControl =
  (clock: MovableClock, next: HttpHandler): HttpHandler =>
  (request) => {
    const isControl = request.method === 'POST' && request.path === '/_local/clock';
    return isControl && loopback.test(request.headers.host ?? '') ? moveClock(clock, request) : next(request);
  };
