import { guardSite } from './protocols/page-guard.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './protocols/http.ts';

/** A web application, as a function from a request to its response. */
export type Site = (request: Request) => Promise<Response>;

const requestOf = ({ method, path, query, headers, body, baseUrl }: HttpRequest): Request => {
  const given = Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .map(([name, value]): [string, string] => [name, String(value)]);
  const url = `${baseUrl}${path}${query && '?'}${query}`;
  return new Request(url, { method, headers: given, ...(body.length > 0 && { body: new Uint8Array(body) }) });
};

const responseOf = async (response: Response): Promise<HttpResponse> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: Buffer.from(await response.arrayBuffer()),
});

/** Passes requests under a site's path to the site (`/` is the root alone), and all others to `next`. */
export const withSites = (sites: Readonly<Record<string, Site>>, next: HttpHandler): HttpHandler => {
  const entries = Object.entries(sites).map(([path, site]) => ({
    path,
    handle: guardSite(path, async (request) => responseOf(await site(requestOf(request)))),
  }));
  return async (request) => {
    const site = entries.find(
      ({ path }) => request.path === path || (path !== '/' && request.path.startsWith(`${path}/`)),
    );
    return (site?.handle ?? next)(request);
  };
};
