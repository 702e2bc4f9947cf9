import { Connection } from './connection.ts';
import { Events } from './events.ts';
import type { ConnectOptions } from './types.ts';

export { fullJitter, type BackoffOptions, type RetryPolicy } from '../shared/backoff.ts';
export type { Channel, Environment, KeyValueStorage, Locks } from './environment.ts';
export { QueueEvent } from './event.ts';
export { Events } from './events.ts';
export type * from './events.ts';
export type { MessageListener } from './handlers.ts';
export type { Log } from './log.ts';
export type * from './types.ts';

/**
 * Connects to the events of a session.
 * @typeParam Data what the application's messages are.
 * @throws TypeError that names the option, or the session's field, that is missing or wrong.
 */
export const connect = <Data = unknown>(options: ConnectOptions): Events<Data> =>
  new Events<Data>((handlers, emit) => new Connection(options, handlers, emit));
