import type { QueueEvent } from './event.ts';
import type { StartSource, EventSource } from './event-source.ts';
import { createHandlers, type MessageListener } from './handlers.ts';
import type { Session, State } from './types.ts';

/** Fires when the state changes: its status, its reason, or the number of failures in a row. */
export interface StateEvent extends Event {
  readonly state: State;
  readonly previous: State;
}

/**
 * Fires when an event is given up: its handler has failed `attempts` times, and the event is deleted from the queue; or its
 * data is not what a schema of `sqs-browser/typed` asks for, and that handler does not get it.
 */
export interface RejectedEvent<Data = unknown> extends Event {
  readonly message: QueueEvent<Data>;
  /** What the handler threw, or a SchemaError. */
  readonly error: unknown;
}

/**
 * Fires when this tab goes on after it was kept for the back button, frozen or loaded again, and other tabs handled events
 * meanwhile: this tab will not get those. Load again what the page shows.
 */
export interface ResyncEvent extends Event {
  /** When the tab stopped listening, epoch milliseconds by this machine's clock. */
  readonly since: number;
}

export interface EventsMap<Data> {
  message: QueueEvent<Data>;
  statechange: StateEvent;
  rejected: RejectedEvent<Data>;
  resync: ResyncEvent;
}

/** A listener of one kind of event. */
export type EventsListener<Data, Type extends keyof EventsMap<Data>> = Type extends 'message'
  ? MessageListener<Data>
  : ((event: EventsMap<Data>[Type]) => void) | { handleEvent(event: EventsMap<Data>[Type]): void };

/** An event of any kind but `message`. */
type OtherType<Data> = Exclude<keyof EventsMap<Data>, 'message'>;

/** The events of a session: to be iterated, or listened to. */
export class Events<Data = unknown> extends EventTarget implements AsyncIterable<QueueEvent<Data>> {
  readonly #handlers = createHandlers<Data>(this, () => {
    this.#source.onHandlers();
  });
  readonly #source: EventSource;

  constructor(start: StartSource) {
    super();
    this.#source = start(this.#handlers, (type, members) => {
      this.dispatchEvent(Object.assign(new Event(type), members));
    });
  }

  /** What the connection is doing. In a tab that does not poll itself this is what the polling tab does. */
  get state(): State {
    return this.#source.state;
  }

  /** Whether it is this tab of the browser that polls: true in one tab at most, so good for what is to be done once. */
  get leader(): boolean {
    return this.#source.isLeading;
  }

  /** The session with its credentials of now. */
  get session(): Session {
    return this.#source.session();
  }

  /**
   * `message` listeners get each message once in every tab, one message at a time; the next one waits for the promise a
   * listener returns. A listener that throws or rejects gets the message again later, others do not. Polling begins with the
   * first listener. Of the options, `once` and `signal` count; `once` means one message that was handled.
   */
  override addEventListener(
    type: 'message',
    listener: MessageListener<Data> | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener<Type extends OtherType<Data>>(
    type: Type,
    listener: EventsListener<Data, Type> | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  override addEventListener(
    type: string,
    listener: (MessageListener<Data> & EventListenerOrEventListenerObject) | null,
    options: AddEventListenerOptions | boolean = {},
  ): void {
    if (type !== 'message') super.addEventListener(type, listener, options);
    else if (listener) this.#handlers.add(listener, typeof options === 'object' ? options : {});
  }

  override removeEventListener(
    type: 'message',
    listener: MessageListener<Data> | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener<Type extends OtherType<Data>>(
    type: Type,
    listener: EventsListener<Data, Type> | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    type: string,
    listener: (MessageListener<Data> & EventListenerOrEventListenerObject) | null,
    options?: EventListenerOptions | boolean,
  ): void {
    if (type !== 'message') super.removeEventListener(type, listener, options);
    else if (listener) this.#handlers.remove(listener);
  }

  /**
   * Messages in order of arrival. Asking for the next one says that the last one was handled; leaving the loop does not,
   * so the message that a loop breaks or throws at comes again. The loop ends when the connection does.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<QueueEvent<Data>> {
    return this.#handlers.iterate();
  }

  /** Ends the connection in this tab: gives back what is not handled. Resolves when SQS was told, within seconds. */
  close(): Promise<void> {
    return this.#source.close();
  }
}
