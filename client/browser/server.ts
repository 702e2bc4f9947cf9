/**
 * What `sqs-browser/client` is on a server, by the package's export conditions: a server that renders pages runs the code of
 * pages, but has none. `connect` does nothing there: no request, no timer. A Node program that wants events passes
 * `environment: globalThis`.
 */
import { checkOptions, checkSession } from './check.ts';
import { connect as connectPage, Events, type ConnectOptions } from './connect.ts';
import { createIdleSource } from './idle-source.ts';

export * from './connect.ts';

/** Checks the options, and returns events that never come. */
export const connect = <Data = unknown>(options: ConnectOptions): Events<Data> => {
  if (options.environment) return connectPage<Data>(options);
  checkOptions(options);
  const session = checkSession(options.session, 'session');
  const events = new Events<Data>(
    (handlers, emit) =>
      createIdleSource({ session, state: { status: 'paused', reason: 'no-page' } }, handlers, emit).source,
  );
  const { signal } = options;
  signal?.addEventListener('abort', () => void events.close(), { once: true });
  if (signal?.aborted) void events.close();
  return events;
};
