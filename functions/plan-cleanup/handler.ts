import type { Environment } from '../aws/environment.ts';
import { checkIntegerWithin, checkObject, readParameters } from '../aws/input.ts';
import { task, type Log } from '../aws/task.ts';
import { readState } from '../cleanup/cleanup-state.ts';
import { settledFrom, type TableHistory } from '../cleanup/queue-evidence.ts';
import { shards, openSessionTable, type SessionTable } from '../sessions/session-record.ts';

export interface CleanupPlan extends TableHistory {
  readonly shards: readonly string[];
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** Whether the table is known to have every session whose keys are still valid. */
  readonly settled: boolean;
}

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Divides a cleanup into shards and sets its deadline: `budgetSeconds` from now, 1 to 270, else 20.
 * @throws InvalidRequest naming budgetSeconds, or a parameter: the route takes none
 */
export const handle =
  ({ table, now, log }: Dependencies, { gracePeriod }: Environment<'gracePeriod'>) =>
  async (input: unknown): Promise<CleanupPlan> => {
    const request = checkObject('request', checkObject('input', input)['request']);
    readParameters(request);
    const budget = request['budgetSeconds'];
    const seconds =
      budget === undefined ? 20 : checkIntegerWithin('budgetSeconds', budget, { minimum: 1, maximum: 270 });
    const { restored, since } = await readState(table, Math.floor(now() / 1000));
    const settled = now() >= settledFrom({ restored, since }, Number(gracePeriod)) * 1000;
    if (restored && !settled) log.warn('TABLE_RESTORED', { since });
    return { shards, deadline: now() + seconds * 1000, restored, since, settled };
  };

export const handler = task('plan-cleanup', ['sessionTableName', 'gracePeriod'], ({ environment, now, log }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now, log }, environment),
);
