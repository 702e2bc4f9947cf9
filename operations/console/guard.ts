import { timingSafeEqual } from 'node:crypto';

/** Names of this machine. A page of another site cannot be at one of them, whatever its own name resolves to. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** Who may use the console. */
export interface Guard {
  /** What a page of the console sends with every change, and reads with where reading needs it too. */
  readonly token: string;
  /** Whether reading needs the token as well: for a deployment on AWS, whose data is not everybody's on this machine. */
  readonly protectsReads: boolean;
}

const sameText = (a: string, b: string): boolean => {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
};

const cookieOf = (request: Request): string =>
  /(?:^|;\s*)sqs-browser-console=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';

/** The cookie that lets a browser read: no other site makes the browser send it, and no script reads it. */
export const readCookie = ({ token }: Guard): string =>
  `sqs-browser-console=${token}; HttpOnly; SameSite=Strict; Path=/`;

const isOwnOrigin = (request: Request): boolean => {
  const origin = request.headers.get('origin');
  return origin === null || origin === new URL(request.url).origin;
};

/** Undefined when the request may be answered, otherwise why not. */
export const refusal = (request: Request, guard: Guard): string | undefined => {
  const { host } = new URL(request.url);
  if (!loopback.test(host)) return `The console answers at 127.0.0.1 and localhost only, not at ${host}.`;
  if (!isOwnOrigin(request)) return 'Pages of other origins may not use the console.';
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' && request.headers.get('sec-fetch-mode') !== 'navigate') {
    return 'Pages of other sites may not use the console.';
  }
  if (request.method !== 'GET' && !sameText(request.headers.get('x-console-token') ?? '', guard.token)) {
    return 'A change needs the token that the console’s own page has.';
  }
  if (guard.protectsReads && !sameText(cookieOf(request), guard.token)) {
    return 'Open the console by the address that sqs-browser console printed.';
  }
  return undefined;
};
