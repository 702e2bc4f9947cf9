import { executionLimit } from './limits.ts';
import { jsonBytes, type Message } from './message.ts';

/** One record's message, at its position in the Kinesis batch. */
export interface Received {
  readonly position: number;
  readonly message: Message;
}

/** Messages for one execution of the dispatch machine. */
export type Load = readonly Received[];

/**
 * Divides messages into executions whose input fits, in lanes: the loads of a lane go one after the other, lanes may go
 * at once. Messages that one session may get stay in order and, as far as they fit, in one execution, because every
 * further execution costs the session another send.
 */
export const planExecutions = (received: readonly Received[]): Load[][] => {
  const lanes: Received[][][] = [];
  let open: Received[] | undefined;
  let bytes = 0;
  const begin = (): Received[] => {
    bytes = 0;
    return [];
  };
  for (const together of byAudience(received)) {
    const sized = together.map((item) => ({ item, size: jsonBytes(item.message) + 1 }));
    const total = sized.reduce((sum, { size }) => sum + size, 0);
    if (!open || bytes + total > executionLimit) {
      open = begin();
      lanes.push([open]);
    }
    for (const { item, size } of sized) {
      if (open.length > 0 && bytes + size > executionLimit) {
        open = begin();
        lanes.at(-1)?.push(open);
      }
      open.push(item);
      bytes += size;
    }
  }
  return lanes;
};

/**
 * Groups messages so that no session gets messages of two groups; an account's groups follow each other. Sessions named by
 * their ids are told apart, and users are. Which sessions are a user's is not known here: with both, or with a message
 * for everybody, the account is one group.
 */
const byAudience = (received: readonly Received[]): Received[][] => {
  const accounts = [...Map.groupBy(received, ({ message }) => message.accountId).values()];
  return accounts.flatMap((account) => {
    const sessions = Map.groupBy(account, ({ message }) => message.sessionId);
    if (!sessions.has(undefined)) return [...sessions.values()];
    const users = Map.groupBy(account, ({ message }) => message.userId);
    return sessions.size === 1 && !users.has(undefined) ? [...users.values()] : [account];
  });
};
