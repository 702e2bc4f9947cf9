import type { IncomingHttpHeaders } from 'node:http';

/** A request as the server hands it on. Path and query are as they were sent: not decoded. */
export interface HttpRequest {
  readonly method: string;
  /** `/a%20b`, without the query. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The base URL the caller used, without a slash at its end. */
  readonly baseUrl: string;
  readonly requestId: string;
  /** Aborted when the caller has gone away before the answer. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse> | HttpResponse;
