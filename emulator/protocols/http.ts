import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';

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

/** What the emulator uses of a request of Node's HTTP/1.1 and HTTP/2 servers alike. */
export interface HttpMessage extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  readonly socket: Socket;
  readonly destroyed: boolean;
  readonly complete: boolean;
}

/** The same of their answers. */
export interface HttpWriter {
  sendDate: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  end(body: string | Buffer): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export type HttpListener = (message: HttpMessage, response: HttpWriter) => void;
