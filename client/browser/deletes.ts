import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { Receipt, Sqs } from './sqs.ts';
import type { State } from './types.ts';

/** How long a delete waits for others to go with it, milliseconds. */
const deleteDelay = 500;
/** How long ten wait, milliseconds. When a tab crashes, its deletes must not get out before what it posted to the other tabs. */
const batchDelay = 50;
/** How many are sent at once while deletes fail: one call, so that a service that throttles gets few. */
const maxProbe = 10;
/** The most deletes that wait after their call failed. What is not deleted comes again, is known, and is deleted then. */
const maxDeletes = 1_000;

export interface DeletesOwner {
  readonly environment: Environment;
  readonly sqs: Sqs;
  readonly retry: RetryPolicy;
  readonly state: State;
}

/** The messages that are to be deleted, ten in a call. */
export const createDeletes = (owner: DeletesOwner) => {
  const { environment, sqs } = owner;
  let waiting: Receipt[] = [];
  /** How often in a row deletes failed. */
  let failures = 0;
  let timer: unknown;

  const setTimer = (milliseconds: number): void => {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(() => void flush(), milliseconds);
  };

  /** Sends deletes that wait. Those that fail wait again, after the others. */
  const flush = async (count = failures ? maxProbe : Infinity): Promise<void> => {
    environment.clearTimeout(timer);
    timer = undefined;
    const failed = await sqs.remove(waiting.splice(0, count));
    failures = failed.length && failures + 1;
    waiting = [...waiting, ...failed].slice(0, maxDeletes);
    if (waiting.length && timer === undefined && owner.state.status !== 'ended') {
      setTimer(failures ? owner.retry(failures) : deleteDelay);
    }
  };

  return {
    /** Deletes a message, soon, with others. */
    discard: (receipt: Receipt): void => {
      waiting.push(receipt);
      if (waiting.length === 10) setTimer(batchDelay);
      else if (timer === undefined) setTimer(deleteDelay);
    },

    /** To be awaited before a poll: SQS takes no delete of a message that it has handed out again since. */
    deleteInTime: async (): Promise<void> => {
      while (waiting.some(({ hiddenUntil }) => hiddenUntil < environment.Date.now() + deleteDelay)) {
        await flush();
        if (failures) break;
      }
    },

    /** Sends all that wait. Resolves when SQS has answered, or did not. */
    deleteAll: (): Promise<void> => flush(Infinity),
  };
};
