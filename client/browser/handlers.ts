import type { Environment } from './environment.ts';
import { QueueEvent } from './event.ts';
import { handlerRemoved, loop } from './loop.ts';
import type { Message } from './types.ts';

/** Fires an event of that type with those members. */
export type Emit = (type: string, members: object) => void;

/** A listener of messages; a promise it returns is waited for. */
export type MessageListener<Data = unknown> =
  ((event: QueueEvent<Data>) => unknown) | { handleEvent(event: QueueEvent<Data>): unknown };

interface HandlerOptions {
  readonly once?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends the loop that the handler belongs to. */
  readonly finish?: () => void;
}

interface Handler extends HandlerOptions {
  /** Aborts when the handler is removed. */
  readonly removed: AbortController;
}

/** How long a handler that was removed may go on with the message it has, milliseconds. */
const removedTimeout = 10_000;

/** Gives an event to every handler that has not dealt with it yet; rejects if one of them fails. */
export type Deliver = () => Promise<void>;

/** The message handlers of a tab, as a connection knows them. */
export interface Handlers {
  total(): number;
  /** Returns how to deliver the message; to be called again after a failure. */
  deliver(message: Message, environment: Environment): Deliver;
  /** Ends every loop. */
  endLoops(): void;
}

/**
 * The message handlers of a tab. They are not left to EventTarget, which does not tell whether a listener threw, or what it
 * returned.
 */
export const createHandlers = <Data>(target: EventTarget, onChange: () => void) => {
  const handlers = new Map<MessageListener<Data>, Handler>();
  let isOver = false;

  const remove = (listener: MessageListener<Data>): void => {
    const handler = handlers.get(listener);
    if (!handler) return;
    handlers.delete(listener);
    handler.removed.abort();
    onChange();
  };

  const add = (listener: MessageListener<Data>, options: HandlerOptions): void => {
    const { signal, finish } = options;
    if (handlers.has(listener) || signal?.aborted) return;
    const removed = new AbortController();
    handlers.set(listener, { ...options, removed });
    const onAbort = (): void => {
      remove(listener);
    };
    signal?.addEventListener('abort', onAbort, { signal: removed.signal });
    if (isOver) finish?.();
    onChange();
  };

  return {
    add,
    remove,
    total: (): number => handlers.size,

    deliver(message: Message, environment: Environment): Deliver {
      const event = new QueueEvent<Data>(message);
      // Nobody listens there, but it makes the event's target.
      target.dispatchEvent(event);
      const done = new Set<MessageListener<Data>>();
      return async () => {
        const calls = [...handlers].map(async ([listener, handler]) => {
          if (done.has(listener)) return;
          await new Promise((resolve, reject) => {
            Promise.resolve(
              typeof listener === 'function' ? listener.call(target, event) : listener.handleEvent(event),
            ).then(resolve, reject);
            // A loop says itself when it is left.
            if (handler.finish) return;
            handler.removed.signal.addEventListener('abort', () => {
              if (done.has(listener)) return;
              environment.setTimeout(() => {
                reject(handlerRemoved);
              }, removedTimeout);
            });
          });
          done.add(listener);
          if (handler.once) remove(listener);
        });
        const failed = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected');
        if (failed) throw failed.reason;
      };
    },

    iterate: (): AsyncGenerator<QueueEvent<Data>, undefined> => loop<Data>({ add, remove }),

    endLoops(): void {
      isOver = true;
      for (const { finish } of handlers.values()) finish?.();
    },
  };
};
