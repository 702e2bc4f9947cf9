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
 * at once. The messages of an account stay in order and, as far as they fit, in one execution, because every further
 * execution costs each of the account's sessions another send.
 */
export function planExecutions(received: readonly Received[]): Load[][] {
  const lanes: Received[][][] = [];
  let open: Received[] | undefined;
  let bytes = 0;
  const begin = (): Received[] => {
    bytes = 0;
    return [];
  };
  for (const account of byAccount(received)) {
    const sized = account.map((item) => ({ item, size: jsonBytes(item.message) + 1 }));
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
}

function byAccount(received: readonly Received[]): Iterable<Received[]> {
  const accounts = new Map<number, Received[]>();
  for (const item of received) {
    const known = accounts.get(item.message.accountId);
    if (known) known.push(item);
    else accounts.set(item.message.accountId, [item]);
  }
  return accounts.values();
}
