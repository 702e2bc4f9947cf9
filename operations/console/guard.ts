import { timingSafeEqual } from 'node:crypto';

/** Names of this machine. A page of another site cannot be at one of them, whatever its own name resolves to. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** Who may use the console. */
export interface Guard {
  /** What a page of the console sends with every change. */
  readonly token: string;
  /** There where reading is not for everybody on this machine: for a deployment on AWS. */
  readonly reading?: ReadingGuard;
}

/** Lets in the one browser that opens the printed address first. */
export interface ReadingGuard {
  /** Whether the token is the one of the printed address. It is good once. */
  readonly admit: (token: string | null) => boolean;
  /** What the browser's cookie has from then on. */
  readonly cookie: string;
}

const sameText = (a: string, b: string): boolean => {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
};

/** @param token of the address that is printed */
export const createReadingGuard = (token: string, cookie: string): ReadingGuard => {
  let isUsed = false;
  return {
    cookie,
    admit: (given) => {
      if (isUsed || given === null || !sameText(given, token)) return false;
      isUsed = true;
      return true;
    },
  };
};

const cookieOf = (request: Request): string =>
  /(?:^|;\s*)sqs-browser-console=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';

/** The cookie that lets a browser read: no other site makes the browser send it, and no script reads it. */
export const readCookie = ({ cookie }: ReadingGuard): string =>
  `sqs-browser-console=${cookie}; HttpOnly; SameSite=Strict; Path=/`;

const isOwnOrigin = (request: Request): boolean => {
  const origin = request.headers.get('origin');
  return origin === null || origin === new URL(request.url).origin;
};

/** Whether the request is for a name of this machine, so that no page of another site can have made it by a name of its own. */
export const isLocal = (request: Request): boolean => loopback.test(new URL(request.url).host);

/** Undefined when the request may be answered, otherwise why not. */
export const refusal = (request: Request, guard: Guard): string | undefined => {
  if (!isLocal(request)) {
    return `The console answers at 127.0.0.1 and localhost only, not at ${new URL(request.url).host}.`;
  }
  if (!isOwnOrigin(request)) return 'Pages of other origins may not use the console.';
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' && request.headers.get('sec-fetch-mode') !== 'navigate') {
    return 'Pages of other sites may not use the console.';
  }
  if (request.method !== 'GET' && !sameText(request.headers.get('x-console-token') ?? '', guard.token)) {
    return 'A change needs the token that the console’s own page has.';
  }
  if (guard.reading && !sameText(cookieOf(request), guard.reading.cookie)) {
    return 'Open the console by the address that sqs-browser console printed. It is good once: for another browser, start the command again.';
  }
  return undefined;
};
