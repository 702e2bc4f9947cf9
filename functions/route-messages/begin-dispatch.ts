import * as z from 'zod/mini';
import { messagesInputSchema, notifyInputSchema, type Progress } from '../dispatch/dispatch.ts';
import { lighten, type MessageStore } from '../dispatch/message-store.ts';
import { buildMessage } from '../dispatch/notify.ts';

/** What the dispatch machine may be started with. */
export const dispatchInputSchema = z.union([notifyInputSchema, messagesInputSchema]);
export type DispatchInput = z.output<typeof dispatchInputSchema>;

export interface Beginning {
  readonly store: MessageStore;
  readonly now: () => number;
  readonly newId: () => string;
}

/** The API answers within 29 seconds, so a notify call stops after this; in milliseconds. */
const notifyTime = 20_000;

/**
 * No page is begun after this; in milliseconds. The machine has 290 seconds, and a page that meets every timeout and
 * retry takes more than two minutes.
 */
const dispatchTime = 150_000;

/**
 * What a dispatch begins with. A notify call's message is made here and gets its id, which stays the same from then on.
 * @throws InvalidRequest, MessageTooLarge, Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const beginDispatch = async (input: DispatchInput, { store, now, newId }: Beginning): Promise<Progress> => {
  const start = now();
  if ('notify' in input) {
    const message = { ...buildMessage(input.notify), messageId: newId(), sentAt: start };
    const light = lighten(message);
    if ('stored' in light) await store.put(message, start);
    return {
      messages: [light],
      totals: { sessions: 0, delivered: 0 },
      deadline: start + notifyTime,
      atDeadline: 'continue',
    };
  }
  const { messages, cursor, totals = { sessions: 0, delivered: 0 }, continued } = input;
  return {
    messages,
    ...(cursor && { cursor }),
    totals,
    deadline: start + dispatchTime,
    atDeadline: continued ? 'continue' : 'answer',
    ...(continued && { continued }),
  };
};
