import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { openCognito, openSqs } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { openSessionTable, readShard, type SessionTable } from '../sessions/session-table.ts';
import { ShardSweep } from '../cleanup/shard-sweep.ts';
import type { SweepResult } from '../cleanup/sweep-result.ts';
import { task, type Host } from '../aws/task.ts';

const inputSchema = z.object({
  shard: z.string().check(z.regex(/^[0-9a-f]$/)),
  /** Epoch milliseconds after which nothing is begun. */
  deadline: z.number(),
});

interface Dependencies extends Host {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
}

/**
 * Removes what nobody uses of one shard: sessions whose keys expired longer ago than the grace period, with queue and
 * identity, and queues of ours as old as that which no session has. One that fails is left for the next cleanup.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when the sessions or queues cannot be listed
 */
export const handle =
  (dependencies: Dependencies, { queuePrefix, gracePeriod }: Environment<'queuePrefix' | 'gracePeriod'>) =>
  async (input: unknown): Promise<SweepResult> => {
    const { shard, deadline } = inputSchema.parse(input);
    const { table, now, log } = dependencies;
    const goOn = (extra = 0) => now() < deadline + extra;
    const cutoff = Math.floor(now() / 1000) - Number(gracePeriod);
    const sweep = new ShardSweep({ ...dependencies, goOn });
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

export const handler = task(
  'sweep-shard',
  ['sessionTableName', 'queuePrefix', 'gracePeriod'],
  ({ environment, ...host }) =>
    handle(
      { ...host, table: openSessionTable(environment.sessionTableName), sqs: openSqs(), cognito: openCognito() },
      environment,
    ),
);
