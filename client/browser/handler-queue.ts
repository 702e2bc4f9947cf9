import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { Deliver, Handlers } from './handlers.ts';
import { handlerRemoved } from './loop.ts';
import type { ConnectOptions, Message } from './types.ts';

/** How many messages may wait for their next attempt before no more are asked for. */
const maxFailing = 100;

export interface HandlerQueueOwner {
  readonly environment: Environment;
  readonly options: ConnectOptions;
  readonly retry: RetryPolicy;
  readonly handlers: Handlers;
  onHandled(message: Message): void;
  /** A handler failed for the nth time. @param delay milliseconds until it is tried again; undefined if it is not. */
  onFailure(message: Message, error: unknown, attempt: number, delay?: number): void;
}

interface Entry {
  readonly message: Message;
  readonly deliver: Deliver;
  failures: number;
  /** Set while the message waits for its next attempt. */
  timer?: unknown;
}

/**
 * What this tab is still to show: one message after the other, in order of arrival. A message whose handler fails steps aside
 * and comes back after a delay, so that those behind it go on.
 */
export const createHandlerQueue = (owner: HandlerQueueOwner) => {
  const { environment } = owner;
  const { attempts = Infinity } = owner.options;
  const entries = new Map<string, Entry>();
  let ready: Entry[] = [];
  let working: Promise<void> | undefined;

  const drop = (entry: Entry): void => {
    entries.delete(entry.message.id);
    environment.clearTimeout(entry.timer);
  };

  const onError = (entry: Entry, error: unknown): void => {
    const { message } = entry;
    const attempt = ++entry.failures;
    const delay = attempt < attempts ? owner.retry(attempt) : undefined;
    if (delay === undefined) {
      drop(entry);
    } else {
      entry.timer = environment.setTimeout(() => {
        line(entry);
      }, delay);
    }
    owner.onFailure(message, error, attempt, delay);
  };

  const handle = async (entry: Entry): Promise<void> => {
    const isCurrent = (): boolean => entries.get(entry.message.id) === entry;
    try {
      await entry.deliver();
      drop(entry);
      owner.onHandled(entry.message);
    } catch (error) {
      if (!isCurrent()) return;
      // A handler that left is no failure: those that are there get the message.
      if (error === handlerRemoved) ready.unshift(entry);
      else onError(entry, error);
    }
  };

  /** Begins in a turn of its own, so that a handler never runs before what delivered the message is done. */
  const work = async (): Promise<void> => {
    await Promise.resolve();
    while (owner.handlers.total()) {
      const entry = ready.shift();
      if (!entry) break;
      await handle(entry);
    }
    working = undefined;
  };

  const goOn = (): void => {
    if (ready.length) working ??= work();
  };

  const line = (entry: Entry): void => {
    entry.timer = undefined;
    ready.push(entry);
    goOn();
  };

  return {
    /** Goes on, when there are handlers again. */
    goOn,
    /** Whether so many messages fail that no more should come. */
    isFull: (): boolean => entries.size - ready.length >= maxFailing,

    /** A message that is here already is not delivered twice; one that waits for its next attempt gets it now. */
    queueUp(messages: readonly Message[]): void {
      for (const message of messages) {
        const known = entries.get(message.id);
        if (known) {
          if (known.timer === undefined) continue;
          environment.clearTimeout(known.timer);
          line(known);
        } else {
          const entry = { message, deliver: owner.handlers.deliver(message, environment), failures: 0 };
          entries.set(message.id, entry);
          ready.push(entry);
        }
      }
      goOn();
    },

    /** Forgets what no handler has. Resolves when the handler that runs has finished. */
    forget(): Promise<void> | undefined {
      for (const { timer } of entries.values()) environment.clearTimeout(timer);
      entries.clear();
      ready = [];
      return working;
    },
  };
};
