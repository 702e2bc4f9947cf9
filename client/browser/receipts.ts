import type { Environment } from './environment.ts';
import type { Receipt, Received, Sqs } from './sqs.ts';
import type { ConnectOptions } from './types.ts';

/** Seconds a message may at most be hidden for a handler that runs on. */
const longestHiding = 60;
/** How long a delete waits for others to go with it, milliseconds. */
const gathering = 500;

export interface ReceiptsOwner {
  readonly environment: Environment;
  readonly sqs: Sqs;
  readonly options: ConnectOptions;
  /** Nothing is held any more. */
  wake(): void;
}

export type Receipts = ReturnType<typeof createReceipts>;

/** The receipts of the messages this tab received: for hiding them while they are handled, and then deleting them. */
export const createReceipts = (owner: ReceiptsOwner) => {
  const { environment, sqs, options } = owner;
  const { visibilityTimeout = 5 } = options;
  const held = new Map<string, Receipt>();
  let deletes: Receipt[] = [];
  /** For how long what is held is hidden, seconds. */
  let hiding = visibilityTimeout;
  let timer: unknown;

  /** Sends the deletes that wait. Those that fail go with the next ones. */
  const flush = async (): Promise<void> => {
    environment.clearTimeout(timer);
    timer = undefined;
    const sent = deletes;
    deletes = [];
    await sqs.remove(sent).catch(() => (deletes = [...sent, ...deletes].slice(-100)));
  };

  /** Deletes a message, soon, with others. */
  const discard = (receipt: Receipt): void => {
    deletes.push(receipt);
    if (deletes.length > 9) void flush();
    else timer ??= environment.setTimeout(() => void flush(), gathering);
  };

  return {
    count: (): number => held.size,
    discard,

    /** Takes responsibility for messages; for one that came again, with its newer receipt. */
    hold(messages: readonly Received[]): void {
      for (const message of messages) held.set(message.id, message);
      hiding = visibilityTimeout;
    },

    /** Half the time for which what is held stays hidden, milliseconds. */
    halfTime: (): number => hiding * 500,

    /** Hides what is held for twice as long each time, so that a handler of minutes costs a few calls. */
    extend(): void {
      hiding = Math.min(hiding * 2, longestHiding);
      void sqs.hide(held.values(), hiding);
    },

    /** Deletes a message that was handled, if this tab holds it. */
    settle(id: string): void {
      const receipt = held.get(id);
      if (!receipt) return;
      held.delete(id);
      discard(receipt);
      if (!held.size) owner.wake();
    },

    /** Gives back what is not handled yet, and sends the deletes that wait. */
    giveBack: async (): Promise<void> => {
      const given = sqs.hide(held.values(), 0);
      held.clear();
      owner.wake();
      await Promise.all([given, flush()]);
    },
  };
};
