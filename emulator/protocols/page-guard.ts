/**
 * Keeps web pages away from a developer's machine. Any page that a developer visits can send requests to 127.0.0.1, and a page
 * whose name is rebound to 127.0.0.1 can read the answers. The headers Host, Origin and Sec-Fetch-Site show that.
 * https://www.w3.org/TR/fetch-metadata/ https://fetch.spec.whatwg.org/#origin-header
 */
import type { HttpHandler, HttpRequest, HttpResponse } from './http.ts';
import { httpRefusal } from './http-refusals.ts';

/** Names of this machine, also with the prefix that Step Functions' clients put before the host, and for S3's buckets. */
const loopbackHost = /^(sync-)?(127\.0\.0\.1|\[::1\]|([a-z0-9.-]+\.)?localhost)(:\d+)?$/i;

/** Refuses a request for a name that is not this machine's; undefined for all others. */
export const refuseForeignHost = ({ host = '' }: HttpRequest['headers']): HttpResponse | undefined =>
  loopbackHost.test(host)
    ? undefined
    : httpRefusal(
        421,
        'InvalidHost',
        `The Host header is ${JSON.stringify(host)}, but must be 127.0.0.1, [::1], localhost or a name under localhost.`,
      );

/**
 * Whether a browser made the request for a page of another origin. A request without these headers comes from a program, or
 * from a browser that was given the address by hand.
 */
export const isCrossSite = ({ headers }: HttpRequest): boolean => {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  if (origin !== undefined) return origin !== `http://${host}`;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
};

const refusal = httpRefusal(
  403,
  'CrossSiteRequest',
  'The request was made for a page of another origin, which may not call this.',
);

/** The origin that the API's own preflight answer allows for the request. */
const allowedOrigin = async (handle: HttpHandler, request: HttpRequest): Promise<string | undefined> => {
  const { method, path, headers, baseUrl, requestId, signal } = request;
  const { origin, host } = headers;
  const preflight = { origin, host, 'access-control-request-method': method };
  const answer = await handle({
    method: 'OPTIONS',
    path,
    query: '',
    headers: preflight,
    body: Buffer.alloc(0),
    baseUrl,
    requestId,
    signal,
  });
  const found = Object.entries(answer.headers).find(([name]) => name.toLowerCase() === 'access-control-allow-origin');
  return found?.[1];
};

/** Passes a request for a page of another origin on to the API only if the template's API allows that origin. */
export const guardApi =
  (handle: HttpHandler): HttpHandler =>
  async (request) => {
    if (request.method === 'OPTIONS' || !isCrossSite(request)) return handle(request);
    const { origin } = request.headers;
    if (origin === undefined) return refusal;
    const allowed = await allowedOrigin(handle, request);
    return allowed === '*' || allowed === origin ? handle(request) : refusal;
  };

/** Refuses requests for pages of other origins, but for a link to the site's first page. */
export const guardSite =
  (root: string, handle: HttpHandler): HttpHandler =>
  (request) => {
    const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = request.headers;
    const isLink = request.method === 'GET' && mode === 'navigate' && dest === 'document';
    const isFirstPage = request.path === root || request.path === `${root}/`;
    return isCrossSite(request) && !(isLink && isFirstPage) ? refusal : handle(request);
  };
