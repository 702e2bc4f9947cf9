import { forEachAtOnce } from '../aws/concurrency.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './message-store.ts';

/** Bodies read at once from the store. */
const readsAtOnce = 8;

/** The bodies of the messages at these positions; a body that is no longer kept is left out. */
export const loadBodies = async (
  messages: readonly Message[],
  indices: Iterable<number>,
  store: MessageStore,
): Promise<Map<number, string>> => {
  const bodies = new Map<number, string>();
  await forEachAtOnce([...new Set(indices)], readsAtOnce, async (index) => {
    const message = messages[index];
    const body = message && (await store.bodyOf(message));
    if (body !== undefined) bodies.set(index, body);
  });
  return bodies;
};
