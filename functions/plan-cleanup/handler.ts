import { checkIntegerWithin, checkObject } from '../aws/input.ts';
import { readParameters } from '../aws/parameters.ts';
import { shards } from '../sessions/queue-names.ts';
import { task } from '../aws/task.ts';

export interface CleanupPlan {
  readonly shards: readonly string[];
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/**
 * Divides a cleanup into shards and sets its deadline: `budgetSeconds` from now, 1 to 270, else 20.
 * @throws InvalidRequest naming budgetSeconds, or anything else that the request has
 */
export const handle =
  ({ now }: { readonly now: () => number }) =>
  (input: unknown): CleanupPlan => {
    const request = checkObject('request', checkObject('input', input)['request']);
    readParameters(request);
    const budget = request['budgetSeconds'];
    const seconds =
      budget === undefined ? 20 : checkIntegerWithin('budgetSeconds', budget, { minimum: 1, maximum: 270 });
    return { shards, deadline: now() + seconds * 1000 };
  };

export const handler = task('plan-cleanup', [], ({ now }) => handle({ now }));
