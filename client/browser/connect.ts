import { Connection } from './connection.ts';
import type { QueueEvent } from './event.ts';
import { createHandlers, type MessageListener } from './handlers.ts';
import type { ConnectOptions, Session, State } from './types.ts';

export { fullJitter, type BackoffOptions, type RetryPolicy } from '../shared/backoff.ts';
export type { Channel, Environment, Locks } from './environment.ts';
export { QueueEvent } from './event.ts';
export type { MessageListener } from './handlers.ts';
export type * from './types.ts';

/** Fires when the connection's status or its reason changes, and at each further failure in a row. */
export interface StateEvent extends Event {
  readonly state: State;
  readonly previous: State;
}

/** Fires when a message's handler has failed for the last time; the message is deleted from the queue then. */
export interface RejectedEvent<Data = unknown> extends Event {
  readonly message: QueueEvent<Data>;
  /** What the handler threw. */
  readonly error: unknown;
}

export interface EventsMap<Data> {
  message: QueueEvent<Data>;
  statechange: StateEvent;
  rejected: RejectedEvent<Data>;
}

/** A listener of one kind of event. */
export type EventsListener<Data, Type extends keyof EventsMap<Data>> = Type extends 'message'
  ? MessageListener<Data>
  : ((event: EventsMap<Data>[Type]) => void) | { handleEvent(event: EventsMap<Data>[Type]): void };

/** The events of a session: to be iterated, or listened to. */
export class Events<Data = unknown> extends EventTarget implements AsyncIterable<QueueEvent<Data>> {
  readonly #handlers = createHandlers(this, () => {
    this.#connection.onHandlers();
  });
  readonly #connection: Connection;

  constructor(options: ConnectOptions) {
    super();
    this.#connection = new Connection(options, this.#handlers, (type, members) => {
      this.dispatchEvent(Object.assign(new Event(type), members));
    });
  }

  /** What the connection is doing. In a tab that does not poll itself this is what the polling tab does. */
  get state(): State {
    return this.#connection.state;
  }

  /** Whether it is this tab of the browser that polls: true in one tab at most, so good for what is to be done once. */
  get leader(): boolean {
    return this.#connection.isLeading;
  }

  /** The session with its keys of now. */
  get session(): Session {
    return this.#connection.keys.session();
  }

  /**
   * `message` listeners get each message once in every tab, one message at a time; the next one waits for the promise a
   * listener returns. A listener that throws or rejects gets the message again, up to `attempts` times. Polling begins
   * with the first listener. Of the options, `once` and `signal` count; `once` means one message dealt with.
   */
  override addEventListener<Type extends keyof EventsMap<Data>>(
    type: Type,
    listener: EventsListener<Data, Type> | null,
    options?: AddEventListenerOptions | boolean,
  ): void {
    if (type !== 'message') super.addEventListener(type, listener as EventListener | null, options);
    else if (listener) this.#handlers.add(listener as MessageListener, Object(options) as AddEventListenerOptions);
  }

  override removeEventListener<Type extends keyof EventsMap<Data>>(
    type: Type,
    listener: EventsListener<Data, Type> | null,
    options?: EventListenerOptions | boolean,
  ): void {
    if (type !== 'message') super.removeEventListener(type, listener as EventListener | null, options);
    else if (listener) this.#handlers.remove(listener as MessageListener);
  }

  /**
   * Messages in order of arrival. Asking for the next one says that the last one was handled; leaving the loop does not,
   * so the message that a loop breaks or throws at comes again. The loop ends when the connection does.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<QueueEvent<Data>> {
    return this.#handlers.iterate() as AsyncIterableIterator<QueueEvent<Data>>;
  }

  /** Ends the connection in this tab: gives back what is not handled. Resolves when the queue has been told. */
  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * Connects to the events of a session.
 * @typeParam Data what the application's messages are.
 */
export const connect = <Data = unknown>(options: ConnectOptions): Events<Data> => new Events<Data>(options);
