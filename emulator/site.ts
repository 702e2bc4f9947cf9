import type { HttpHandler, HttpRequest, HttpResponse } from './protocols/http.ts';

/** A web application that is served beside the API, as a function from a request to its answer. */
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

/** Answers what is under /example by the site; everything else goes on to `next`. */
export const withSite = (site: Site | undefined, next: HttpHandler): HttpHandler =>
  site
    ? async (request) =>
        /^\/example(\/|$)/.test(request.path) ? responseOf(await site(requestOf(request))) : next(request)
    : next;
