import type { Access } from './access/index.ts';
import type { Calls } from './calls.ts';
import type { Clock } from './clock.ts';
import type { HttpHandler } from './protocols/http.ts';

export interface ServerOptions {
  readonly clock: Clock;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface Serving {
  readonly calls: Calls;
  readonly access: Access;
  /** Answers what is addressed to no AWS service: the API Gateway. */
  readonly fallback: HttpHandler;
}

/** The one HTTP server. It listens first, so that its URL is known when the template is resolved, and serves afterwards. */
export interface Server {
  /** http://127.0.0.1:4000, without a slash at its end. */
  readonly url: string;
  /** Until this was called every request gets 503. */
  serve(serving: Serving): void;
  /** Ends waiting requests and closes the port. */
  close(): Promise<void>;
}

/** Opens the server on 127.0.0.1. @throws Error with code EADDRINUSE when the port is taken. */
export type OpenServer = (options: ServerOptions) => Promise<Server>;
