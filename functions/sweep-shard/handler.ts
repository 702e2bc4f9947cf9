import * as z from 'zod/mini';
import { readEnvironment, type Environment } from '../aws/environment.ts';
import { backOff, type Pause } from '../aws/retry.ts';
import { openIdentities, type Identities } from '../sessions/identities.ts';
import { openQueues, type Queues } from '../sessions/queues.ts';
import { openSessionTable, readShard, type SessionTable } from '../sessions/session-table.ts';
import { ShardSweep } from '../cleanup/shard-sweep.ts';
import type { SweepResult } from '../cleanup/sweep-result.ts';
import { task, type Log } from '../aws/task.ts';

const inputSchema = z.object({
  shard: z.string().check(z.regex(/^[0-9a-f]$/)),
  /** Epoch milliseconds after which nothing is begun. */
  deadline: z.number(),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly queues: Queues;
  readonly identities: Identities;
  readonly now: () => number;
  readonly pause: Pause;
}

/**
 * Removes what nobody uses of one shard: sessions whose keys expired longer ago than the grace period, with queue and
 * identity, and queues of ours as old as that which no session has. One that fails is left for the next cleanup.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when the sessions or queues cannot be listed
 */
export const handle =
  (dependencies: Dependencies, { queuePrefix, gracePeriod }: Environment<'queuePrefix' | 'gracePeriod'>) =>
  async (input: unknown, log: Log): Promise<SweepResult> => {
    const { shard, deadline } = inputSchema.parse(input);
    const { table, now } = dependencies;
    const goOn = (extra = 0) => now() < deadline + extra;
    const cutoff = Math.floor(now() / 1000) - Number(gracePeriod);
    const sweep = new ShardSweep({ ...dependencies, log, goOn });
    const sessions = await readShard(table, shard, goOn);
    if (sessions) {
      await sweep.removeSessions(sessions.filter(({ expires }) => expires < cutoff));
      await sweep.removeOrphans({ queuePrefix, shard, cutoff }, sessions);
    } else {
      sweep.tally.complete = false;
    }
    log.info('SHARD_SWEPT', { shard, ...sweep.tally });
    return sweep.tally;
  };

export const handler = task('sweep-shard', () => {
  const environment = readEnvironment(['sessionTableName', 'queuePrefix', 'gracePeriod']);
  const table = openSessionTable(environment.sessionTableName);
  return handle(
    { table, queues: openQueues(), identities: openIdentities(), now: () => Date.now(), pause: backOff },
    environment,
  );
});
