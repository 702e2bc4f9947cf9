/**
 * Keeps other web pages away. Any page that a developer visits can send requests to this machine, and a page whose name is rebound to
 * 127.0.0.1 can read the answers. What a browser does it says in Host, Origin and Sec-Fetch-Site, which pages cannot change.
 * https://fetch.spec.whatwg.org/#forbidden-request-header https://www.w3.org/TR/fetch-metadata/
 */
import type { IncomingMessage } from 'node:http';

/** Names of this machine. A page of another site cannot be at one of them, whatever its own name resolves to. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

const isFirstPage = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  (url === '/example' || url === '/example/') &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document';

/** Whether a browser made the request for a page of another origin. Programs send none of these headers. */
const isCrossSite = ({ headers: { origin, host = '', 'sec-fetch-site': site } }: IncomingMessage): boolean => {
  if (origin !== undefined) return origin !== `http://${host}`;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
};

export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

/** Why a request is not answered; undefined for one that is. Other sites may link to the first page, no more. */
export const refusalOf = (message: IncomingMessage): Refusal | undefined => {
  const { host = '' } = message.headers;
  if (!loopback.test(host)) {
    const wrong = `The Host header is ${JSON.stringify(host)}, but must be 127.0.0.1, localhost or [::1].`;
    return { status: 421, error: 'InvalidHost', message: wrong };
  }
  if (!isCrossSite(message) || isFirstPage(message)) return undefined;
  return { status: 403, error: 'CrossSiteRequest', message: 'Pages of other origins may not call this.' };
};
