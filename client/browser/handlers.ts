import type { QueueEvent } from './event.ts';
import { createLoop } from './loop.ts';

/** A listener of messages; a promise it returns is waited for. */
export type MessageListener<Data = unknown> =
  ((event: QueueEvent<Data>) => unknown) | { handleEvent(event: QueueEvent<Data>): unknown };

interface HandlerOptions extends AddEventListenerOptions {
  /** Ends the loop that the handler belongs to. */
  readonly finish?: () => void;
}

/**
 * The message handlers of a tab. They are not left to EventTarget, because it tells nobody whether a listener threw or
 * what it returned.
 */
export type Handlers = ReturnType<typeof createHandlers>;

export const createHandlers = (target: EventTarget, onChange: () => void) => {
  const handlers = new Map<MessageListener, HandlerOptions>();
  let isOver = false;

  const remove = (listener: MessageListener): void => {
    if (handlers.delete(listener)) onChange();
  };

  const add = (listener: MessageListener, options: HandlerOptions = {}): void => {
    const { signal } = options;
    if (handlers.has(listener) || signal?.aborted) return;
    handlers.set(listener, options);
    signal?.addEventListener('abort', () => {
      remove(listener);
    });
    onChange();
  };

  return {
    add,
    remove,
    count: (): number => handlers.size,

    /** Returns how to give the event to every handler that has not dealt with it yet; rejects if one of them fails. */
    deliver(event: QueueEvent): () => Promise<void> {
      // Nobody listens there, but it makes the event's target.
      target.dispatchEvent(event);
      const done = new Set<MessageListener>();
      return async () => {
        const calls = [...handlers].map(async ([handler, { once }]) => {
          if (done.has(handler)) return;
          await (typeof handler === 'function' ? handler.call(target, event) : handler.handleEvent(event));
          done.add(handler);
          if (once) remove(handler);
        });
        const failed = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected');
        if (failed) throw failed.reason;
      };
    },

    iterate(): AsyncIterableIterator<QueueEvent> {
      const { iterator, onEvent, finish } = createLoop(remove);
      if (isOver) finish();
      else add(onEvent, { finish });
      return iterator;
    },

    /** Ends every loop. */
    end(): void {
      isOver = true;
      for (const { finish } of handlers.values()) finish?.();
    },
  };
};
