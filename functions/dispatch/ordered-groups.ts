import { forEachAtOnce } from '../aws/concurrency.ts';
import { jsonBytes, type InlineMessage, type Message } from './message.ts';
import { bodiesAtOnce, carry, maxExecutionBytes, type MessageStore } from './offload.ts';

/** A message, at its position in the batch of the stream or in the publish call. */
export interface Received {
  readonly position: number;
  readonly message: Message;
}

/** Messages for one dispatch. */
export type MessageBatch = readonly Received[];

/** Batches that are dispatched one after the other, since a session may get messages of several. */
export type OrderedGroup = readonly MessageBatch[];

/** Groups dispatched at once. Each execution may run up to 40 deliveries at once, and every shard has its own groups. */
const groupsAtOnce = 4;

/**
 * Divides messages into ordered groups of batches; a batch fits into the input of an execution. Groups may be dispatched at once.
 * Messages that one session may get stay in order and, as far as they fit, in one batch: every further batch costs the session another
 * send.
 */
export const orderedGroups = (received: readonly Received[]): OrderedGroup[] => {
  const groups: Received[][][] = [];
  let open: Received[] | undefined;
  let bytes = 0;
  const begin = (): Received[] => {
    bytes = 0;
    return [];
  };
  for (const together of byRecipients(received)) {
    const sized = together.map((item) => ({ item, size: jsonBytes(item.message) + 1 }));
    const total = sized.reduce((sum, { size }) => sum + size, 0);
    if (!open || bytes + total > maxExecutionBytes) {
      open = begin();
      groups.push([open]);
    }
    for (const { item, size } of sized) {
      if (open.length > 0 && bytes + size > maxExecutionBytes) {
        open = begin();
        groups.at(-1)?.push(open);
      }
      open.push(item);
      bytes += size;
    }
  }
  return groups;
};

/**
 * Groups messages so that no session gets messages of two groups. Different session ids are different sessions, and different users have
 * different sessions. The sessions of a user are not known here. So when an account has messages for users and for sessions, or for
 * everybody, all its messages are one group.
 */
const byRecipients = (received: readonly Received[]): Received[][] => {
  const accounts = [...Map.groupBy(received, ({ message }) => message.accountId).values()];
  return accounts.flatMap((account) => {
    const sessions = Map.groupBy(account, ({ message }) => message.sessionId);
    if (!sessions.has(undefined)) return [...sessions.values()];
    const users = Map.groupBy(account, ({ message }) => message.userId);
    return sessions.size === 1 && !users.has(undefined) ? [...users.values()] : [account];
  });
};

export interface Dispatching {
  readonly store: Pick<MessageStore, 'put'>;
  /** Dispatches messages and waits until it is done. */
  readonly dispatch: (batch: MessageBatch) => Promise<void>;
  /**
   * What a failure ends: `everything`, where later messages are repeated anyway, or its `group` only, so that other groups do not
   * depend on it.
   */
  readonly failureEnds: 'everything' | 'group';
}

/**
 * Dispatches messages in ordered groups, the batches of a group in order.
 * @param accepted by their positions
 * @returns the positions of the messages that are not done, each with the failure
 */
export const dispatchInOrder = async (
  accepted: ReadonlyMap<number, InlineMessage>,
  { store, dispatch, failureEnds }: Dispatching,
): Promise<Map<number, unknown>> => {
  const notDone = new Map<number, unknown>();
  const run = async (batch: MessageBatch): Promise<void> => {
    await forEachAtOnce(batch, bodiesAtOnce, async ({ position, message }) => {
      const whole = accepted.get(position);
      if ('offloaded' in message && whole) await store.put(whole);
    });
    await dispatch(batch);
  };
  const received = [...accepted].map(([position, message]) => ({ position, message: carry(message) }));
  let first: { readonly failure: unknown } | undefined;
  await forEachAtOnce(orderedGroups(received), groupsAtOnce, async (group) => {
    let ended: typeof first;
    for (const batch of group) {
      ended ??= failureEnds === 'everything' ? first : undefined;
      try {
        if (!ended) {
          await run(batch);
          continue;
        }
      } catch (failure) {
        ended = { failure };
        first ??= ended;
      }
      for (const { position } of batch) notDone.set(position, ended.failure);
    }
  });
  return notDone;
};
