import { forEachAtOnce } from '../aws/concurrency.ts';
import { jsonBytes, type Message } from '../dispatch/message.ts';
import { maxExecutionBytes } from '../dispatch/offload.ts';

/** One record's message, at its position in the Kinesis batch. */
export interface Received {
  readonly position: number;
  readonly message: Message;
}

/** Messages for one dispatch. */
export type MessageBatch = readonly Received[];

/** Batches that are dispatched one after the other, since a session may get messages of several. */
export type OrderedGroup = readonly MessageBatch[];

/** Groups dispatched at once. Each may run as many deliveries at once as the machine does, in every shard. */
const groupsAtOnce = 4;

/**
 * Divides messages into batches whose executions' input fits, in ordered groups; groups may be dispatched at once. Messages that
 * one session may get stay in order and, as far as they fit, in one batch, because every further batch costs the session another
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
 * Puts messages together so that no session gets messages from two places; an account's follow each other. Different session
 * ids are different sessions, and different users have different sessions. Which sessions a user has is not known here, so with
 * messages for both, or for everybody, the account's messages stay together.
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

/**
 * Runs the groups' batches, those of a group in order. After a failure no further batch is begun: what comes later in the stream
 * is repeated anyway.
 * @returns the positions of the records that are not done, and the first failure
 */
export const runGroups = async (
  groups: readonly OrderedGroup[],
  run: (batch: MessageBatch) => Promise<void>,
): Promise<{ notDone: number[]; failure?: unknown }> => {
  const notDone: number[] = [];
  const failures: unknown[] = [];
  await forEachAtOnce(groups, groupsAtOnce, async (group) => {
    for (const batch of group) {
      try {
        if (failures.length === 0) {
          await run(batch);
          continue;
        }
      } catch (failure) {
        failures.push(failure);
      }
      notDone.push(...batch.map(({ position }) => position));
    }
  });
  return { notDone, ...(failures.length > 0 && { failure: failures[0] }) };
};
