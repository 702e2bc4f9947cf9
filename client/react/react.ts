/** `sqs-browser/react`: hooks for a page's connection. Needs React 18 or later. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { connect, type ConnectOptions, type Events, type QueueEvent, type State } from 'sqs-browser/client';
import { typed, type AnyHandler, type DataOf, type StandardSchema, type TypedEvents } from 'sqs-browser/typed';
import { createStore } from './store.ts';

/** The page's connection, for the hooks that are not given one. */
const store = createStore();

/** Options of `connect`; without a session there is no connection yet. */
export interface UseEventsOptions extends Omit<ConnectOptions, 'session'> {
  readonly session: ConnectOptions['session'] | null | undefined;
  /** The field of an event's data that `useEvent` compares with its type. Default `type`. */
  readonly typeField?: string | undefined;
  /** What connects. Default: `connect` of sqs-browser/client. */
  readonly connect?: typeof connect;
}

export interface Connected<Data> {
  /** Undefined before the connection, and on a server. */
  readonly events: TypedEvents<Data> | undefined;
  /** What the connection is doing; undefined before there is one. */
  readonly state: State | undefined;
}

/**
 * Connects while the component is there, and is the connection of `useEvent` in all components of the page. It connects again
 * when the session has another queue, or another of the options but functions has changed. Functions may change with every
 * render: the last ones are called. Renders again when the state changes.
 */
export const useEvents = <Data = unknown>(options: UseEventsOptions): Connected<Data> => {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { session, poll, attempts, share, region, waitTime, visibilityTimeout, typeField } = options;
  const policy = typeof poll === 'function' ? 'function' : poll;
  useEffect(() => {
    const { session: current, connect: open = connect, ...others } = latest.current;
    if (!current) return undefined;
    const { poll: firstPoll, retry } = others;
    const events = open({
      ...others,
      session: current,
      renew: (old) => latest.current.renew(old),
      ...(typeof firstPoll === 'function' && {
        poll: (page) => {
          const { poll: now } = latest.current;
          return typeof now === 'function' ? now(page) : true;
        },
      }),
      ...(retry && { retry: (attempt) => (latest.current.retry ?? retry)(attempt) }),
    });
    const remove = store.add(typed(events, { typeField }));
    return () => {
      remove();
      void events.close();
    };
  }, [session?.sqsUrl, policy, attempts, share, region, waitTime, visibilityTimeout, typeField]);
  const events = useSyncExternalStore(store.subscribe, store.events, () => undefined);
  const state = useSyncExternalStore(store.subscribe, store.state, () => undefined);
  return { events: events as TypedEvents<Data> | undefined, state };
};

export interface UseEventOptions<Data> {
  /** The connection to listen to. Default: the one of `useEvents`. */
  readonly events?: Events<Data> | undefined;
}

type UseEvent = {
  <Output>(
    type: string,
    handler: (event: QueueEvent<Output>) => unknown,
    options: UseEventOptions<unknown> & { readonly schema: StandardSchema<Output> },
  ): void;
  <Data, Type extends string = string>(
    type: Type,
    handler: (event: QueueEvent<DataOf<Data, Type>>) => unknown,
    options?: UseEventOptions<Data>,
  ): void;
};

/**
 * Listens to the events of a type while the component is there, as `events.on` of `sqs-browser/typed` does; `*` is every event. The handler may change
 * with every render: it is not subscribed again for that, and the last one is called.
 */
export const useEvent: UseEvent = (
  type: string,
  handler: AnyHandler,
  options: { readonly events?: Events | undefined; readonly schema?: StandardSchema } = {},
): void => {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  const shared = useSyncExternalStore(store.subscribe, store.events, () => undefined);
  const { schema } = options;
  const events = options.events ?? shared;
  useEffect(() => {
    if (!events) return undefined;
    const call = (event: QueueEvent): unknown => latest.current(event as QueueEvent<never>);
    const { on } = typed(events);
    if (type !== '*') return schema ? on(type, call, { schema }) : on(type, call);
    events.addEventListener('message', call);
    return () => {
      events.removeEventListener('message', call);
    };
  }, [events, type, schema]);
};
