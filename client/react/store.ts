import type { State } from 'sqs-browser/client';
import type { TypedEvents } from 'sqs-browser/typed';

export interface Store {
  /** Makes this the page's connection, until it is removed. @returns how to remove it. */
  readonly add: (events: TypedEvents) => () => void;
  /** Calls back when the connection, or its state, is another one. @returns how to stop. */
  readonly subscribe: (onChange: () => void) => () => void;
  readonly events: () => TypedEvents | undefined;
  readonly state: () => State | undefined;
}

/** Holds the connections of a page: the last one that was added counts. */
export const createStore = (): Store => {
  let connections: readonly TypedEvents[] = [];
  const listeners = new Set<() => void>();
  const change = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    add: (events) => {
      connections = [...connections, events];
      events.addEventListener('statechange', change);
      change();
      return () => {
        connections = connections.filter((each) => each !== events);
        events.removeEventListener('statechange', change);
        change();
      };
    },
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => {
        listeners.delete(onChange);
      };
    },
    events: () => connections.at(-1),
    state: () => connections.at(-1)?.state,
  };
};
