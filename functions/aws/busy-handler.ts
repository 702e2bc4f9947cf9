import { sendsInFlight } from '../dispatch/limits.ts';

/**
 * How a client that makes many calls at once connects: connections are kept alive, and there are as many as calls in
 * flight. A call that takes this long, in milliseconds, has failed; a megabyte needs longer than a table item.
 */
export const busyHandler = {
  connectionTimeout: 3_000,
  requestTimeout: 8_000,
  throwOnRequestTimeout: true,
  httpAgent: { keepAlive: true, maxSockets: sendsInFlight },
  httpsAgent: { keepAlive: true, maxSockets: sendsInFlight },
};
