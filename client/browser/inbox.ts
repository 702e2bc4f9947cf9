import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { ConnectOptions, Message } from './types.ts';

export interface InboxOwner {
  readonly environment: Environment;
  readonly options: ConnectOptions;
  readonly retry: RetryPolicy;
  /** Returns how to try a message: a function that rejects when a handler does, and may be called again. */
  deliver(message: Message): () => Promise<void>;
  /** The handlers returned, or one has failed for the last time. */
  onVerdict(message: Message, failure?: { readonly error: unknown }): void;
}

/** What this tab is still to show: one message after the other, in order of arrival. */
export const createInbox = (owner: InboxOwner) => {
  const { attempts = 3 } = owner.options;
  let waiting = new Map<string, Message>();
  let working: Promise<void> | undefined;

  const handle = async (message: Message): Promise<void> => {
    const { id } = message;
    const attempt = owner.deliver(message);
    for (let count = 1; waiting.get(id) === message; count++) {
      try {
        await attempt();
        waiting.delete(id);
        owner.onVerdict(message);
      } catch (error) {
        if (count < attempts) {
          await new Promise<void>((resolve) => owner.environment.setTimeout(resolve, owner.retry(count)));
        } else if (waiting.delete(id)) {
          owner.onVerdict(message, { error });
        }
      }
    }
  };

  const work = async (): Promise<void> => {
    const mine = waiting;
    for (const message of mine.values()) await handle(message);
    if (mine === waiting) working = undefined;
  };

  return {
    add(messages: readonly Message[]): void {
      for (const message of messages) if (!waiting.has(message.id)) waiting.set(message.id, message);
      if (waiting.size) working ??= work();
    },

    /** Forgets what has not been handled. A handler that runs may finish; what this returns resolves after it. */
    clear(): Promise<void> | undefined {
      const rest = working;
      waiting = new Map();
      working = undefined;
      return rest;
    },
  };
};
