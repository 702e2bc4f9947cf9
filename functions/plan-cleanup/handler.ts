import { checkBody, checkIntegerWithin, checkObject } from '../aws/input.ts';
import { shards } from '../sessions/queue-names.ts';
import { task } from '../aws/task.ts';

export interface CleanupPlan {
  readonly shards: readonly string[];
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/**
 * Divides a cleanup into shards and sets its deadline: `budgetSeconds` from now, 1 to 270, else 20.
 * @throws InvalidRequest naming body or budgetSeconds
 */
export const handle =
  ({ now }: { readonly now: () => number }) =>
  (input: unknown): CleanupPlan => {
    const request = checkObject('request', checkObject('input', input)['request']);
    checkBody(request);
    const budget = request['budgetSeconds'];
    const seconds = budget === undefined ? 20 : checkIntegerWithin('budgetSeconds', budget, [1, 270]);
    return { shards, deadline: now() + seconds * 1000 };
  };

export const handler = task('plan-cleanup', [], ({ now }) => handle({ now }));
