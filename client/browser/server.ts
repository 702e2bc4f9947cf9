/**
 * What `sqs-browser/client` is on a server, by the package's export conditions: a server that renders pages runs the code of
 * pages, but has none. `connect` does nothing there: no request, no timer. A Node program that wants events passes
 * `environment: globalThis`.
 */
import { connect as connectPage, type ConnectOptions, type Environment, type Events } from './connect.ts';

export * from './connect.ts';

const server: Environment = {
  fetch: () => new Promise(() => undefined),
  setTimeout: () => undefined,
  clearTimeout: () => undefined,
  Date,
  isServer: true,
};

/** Checks the options, and returns events that never come. */
export const connect = <Data = unknown>(options: ConnectOptions): Events<Data> =>
  connectPage<Data>({ ...options, environment: options.environment ?? server });
