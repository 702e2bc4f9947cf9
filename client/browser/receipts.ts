import { createDeletes, type DeletesOwner } from './deletes.ts';
import type { Receipt, Received } from './sqs.ts';
import type { ConnectOptions } from './types.ts';

/** The longest time a message is hidden for a handler that runs on, seconds. */
const maxHiding = 60;
/** The most receipts that are kept. */
const maxReceipts = 1_000;

export interface ReceiptsOwner extends DeletesOwner {
  readonly options: ConnectOptions;
  /** Nothing is held any more. */
  wake(): void;
}

export type Receipts = ReturnType<typeof createReceipts>;

/** The receipts of the messages this tab received: for hiding them while they are handled, and then deleting them. */
export const createReceipts = (owner: ReceiptsOwner) => {
  const { environment, sqs, options } = owner;
  const { visibilityTimeout = 5 } = options;
  /** Also of messages that were given back: a handler that succeeds late, or in another tab, still deletes them. */
  const receipts = new Map<string, Receipt>();
  /** What is hidden from others: the ids of the messages that handlers work on. */
  const held = new Set<string>();
  const deletes = createDeletes(owner);
  /** For how long what is held is hidden, seconds. */
  let hiding = visibilityTimeout;
  /** Half of that time later, epoch milliseconds. */
  let extendAt = 0;

  const hideFor = (seconds: number): void => {
    hiding = seconds;
    extendAt = environment.Date.now() + seconds * 500;
  };

  const hideHeld = (seconds: number): Promise<unknown> =>
    sqs.hide(
      [...held].flatMap((id) => receipts.get(id) ?? []),
      seconds,
    );

  const letGo = (id: string): void => {
    held.delete(id);
    if (!held.size) owner.wake();
  };

  return {
    ...deletes,
    total: (): number => held.size,

    /** Takes responsibility for messages; for one that came again, with its newer receipt. */
    hold(messages: readonly Received[]): void {
      for (const { message, handle, hiddenUntil } of messages) {
        held.add(message.id);
        receipts.set(message.id, { handle, hiddenUntil });
      }
      for (const id of receipts.keys()) if (receipts.size > maxReceipts && !held.has(id)) receipts.delete(id);
      hideFor(visibilityTimeout);
    },

    /** Milliseconds until what is held has to be hidden for longer. */
    extendIn: (): number => extendAt - environment.Date.now(),

    /** Hides what is held for twice as long each time, so that a handler of minutes costs a few calls. */
    extend(): void {
      hideFor(Math.min(hiding * 2, maxHiding));
      void hideHeld(hiding);
    },

    /** Deletes a message that was handled, if this tab received it. Returns whether it did. */
    settle(id: string): boolean {
      const receipt = receipts.get(id);
      if (receipt) deletes.discard(receipt);
      letGo(id);
      return receipts.delete(id);
    },

    /** Gives a message back to the queue, which delivers it again after so many milliseconds. */
    postpone(id: string, milliseconds: number): void {
      const receipt = receipts.get(id);
      if (receipt) void sqs.hide([receipt], Math.ceil(milliseconds / 1_000) + visibilityTimeout);
      letGo(id);
    },

    /** Gives back what is not handled yet, and sends the deletes that wait. Resolves when SQS has answered, or did not. */
    release: async (): Promise<void> => {
      const given = hideHeld(0);
      held.clear();
      owner.wake();
      await Promise.all([given, deletes.deleteAll()]);
    },
  };
};
