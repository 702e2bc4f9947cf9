import { QueueEvent } from './event.ts';
import { createHandlers, type Emit, type Handlers, type MessageListener } from './handlers.ts';
import { validate, type StandardSchema } from './standard-schema.ts';
import type { Session, State } from './types.ts';

/** Fires when the state changes: its status, its reason, or the number of failures in a row. */
export interface StateEvent extends Event {
  readonly state: State;
  readonly previous: State;
}

/**
 * Fires when an event is given up: its handler has failed `attempts` times, and the event is deleted from the queue; or its
 * data is not what the schema of `events.on` asks for, and that handler does not get it.
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

/** The part of the application's messages that have that type; all of them, if their types are not known. */
export type DataOf<Data, Type extends string> =
  Extract<Data, { readonly type: Type }> extends never ? Data : Extract<Data, { readonly type: Type }>;

/** The names of types that an editor suggests. */
type TypeOf<Data> = Data extends { readonly type: infer Type extends string } ? Type : never;

export interface OnOptions {
  /** Stops listening after one event that was handled. */
  readonly once?: boolean | undefined;
  /** Stops listening when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface SchemaOptions<Output> extends OnOptions {
  /** Checks the data, and may change it: the handler gets what the schema returns. */
  readonly schema: StandardSchema<Output>;
}

/** What stands behind `Events`. */
export interface EventSource {
  readonly state: State;
  readonly isLeading: boolean;
  session(): Session;
  /** There are more or fewer handlers. */
  onHandlers(): void;
  close(): Promise<void>;
}

/** Starts what gives events to the handlers. */
export type StartSource = (handlers: Handlers, emit: Emit) => EventSource;

/** The events of a session: to be iterated, or listened to. */
export class Events<Data = unknown> extends EventTarget implements AsyncIterable<QueueEvent<Data>> {
  readonly #handlers = createHandlers(this, () => {
    this.#source.onHandlers();
  });
  readonly #source: EventSource;
  readonly #typeField: string;

  constructor(start: StartSource, typeField = 'type') {
    super();
    this.#typeField = typeField;
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
   * Listens to the messages whose data has that type in the field `typeField`. Otherwise like a `message` listener.
   * With a schema, the handler gets the data as the schema returns it; wrong data fires `rejected` instead.
   * @returns how to stop listening.
   */
  on<Output>(type: string, handler: (event: QueueEvent<Output>) => unknown, options: SchemaOptions<Output>): () => void;
  on<Type extends TypeOf<Data> | (string & {})>(
    type: Type,
    handler: (event: QueueEvent<DataOf<Data, Type>>) => unknown,
    options?: OnOptions,
  ): () => void;
  on(
    type: string,
    handler: (event: QueueEvent<never>) => unknown,
    { schema, once, signal }: Partial<SchemaOptions<unknown>> = {},
  ): () => void {
    const listener = async (event: QueueEvent): Promise<void> => {
      if ((Object(event.data) as Readonly<Record<string, unknown>>)[this.#typeField] !== type) return;
      try {
        const data = schema ? await validate(schema, event.data) : event.data;
        await handler(new QueueEvent(event, data));
        if (once) stop();
      } catch (error) {
        if ((Object(error) as Error).name !== 'SchemaError') throw error;
        this.dispatchEvent(Object.assign(new Event('rejected'), { message: event, error }));
      }
    };
    const stop = (): void => {
      this.#handlers.remove(listener);
    };
    this.#handlers.add(listener, { signal });
    return stop;
  }

  /**
   * Messages in order of arrival. Asking for the next one says that the last one was handled; leaving the loop does not,
   * so the message that a loop breaks or throws at comes again. The loop ends when the connection does.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<QueueEvent<Data>> {
    return this.#handlers.iterate() as AsyncIterableIterator<QueueEvent<Data>>;
  }

  /** Ends the connection in this tab: gives back what is not handled. Resolves when SQS was told, within seconds. */
  close(): Promise<void> {
    return this.#source.close();
  }
}
