import * as z from 'zod/mini';
import { openCognito, openSqs, type CognitoIdentityClient, type SQSClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { task, type Host } from '../aws/task.ts';
import { readShard } from '../cleanup/shard-index.ts';
import { ShardSweep } from '../cleanup/shard-sweep.ts';
import { removeStoredKeys } from '../cleanup/stored-keys.ts';
import type { SweepResult } from '../cleanup/sweep-result.ts';
import { queueNameOf } from '../sessions/queues.ts';
import { pairTableIfAny, readInUse, type PairTable } from '../sessions/pairs.ts';
import { shards, openSessionTable, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({
  shard: z.string().check(z.regex(/^[0-9a-f]$/)),
  /** Epoch milliseconds after which nothing is begun. */
  deadline: z.number(),
  restored: z.boolean(),
  since: z.number(),
  settled: z.boolean(),
});

interface Dependencies extends Host {
  readonly table: SessionTable;
  /** Undefined where there is no pool. */
  readonly pairs: PairTable | undefined;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
}

/**
 * Removes what nobody uses of one shard: sessions whose keys expired longer ago than the grace period, with their queues and identities,
 * and old queues that neither a session nor the pool has. What fails is left for the next cleanup. After the table was restored, nothing
 * is removed as long as keys may be valid that it does not know of. It also removes the keys in records of older versions.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when the sessions or queues cannot be listed
 */
export const handle =
  (dependencies: Dependencies, { queuePrefixes, gracePeriod }: Environment<'queuePrefixes' | 'gracePeriod'>) =>
  async (input: unknown): Promise<SweepResult> => {
    const { shard, deadline, ...history } = inputSchema.parse(input);
    const { table, pairs, now, log } = dependencies;
    const goOn = (extra = 0) => now() < deadline + extra;
    const cutoff = Math.floor(now() / 1000) - Number(gracePeriod);
    const sweep = new ShardSweep({ ...dependencies, goOn });
    const segment = { segment: shards.indexOf(shard), totalSegments: shards.length };
    sweep.tally.complete = await removeStoredKeys(table, segment, goOn);
    const mayRemove = history.settled || !history.restored;
    const sessions = mayRemove && (await readShard(table, shard, goOn));
    if (sessions) {
      await sweep.removeSessions(sessions.filter(({ expires }) => expires < cutoff));
      const pooled = pairs ? await readInUse(pairs, cutoff) : [];
      const inUse = new Set([
        ...sessions.map(({ queueUrl }) => queueNameOf(queueUrl)),
        ...pooled.map(({ queueName }) => queueName),
      ]);
      for (const queuePrefix of queuePrefixes.split(','))
        await sweep.removeOrphans({ queuePrefix, shard, cutoff, history }, inUse);
    } else {
      sweep.tally.complete = false;
    }
    log.info('SHARD_SWEPT', { shard, ...sweep.tally });
    return sweep.tally;
  };

export const handler = task(
  'sweep-shard',
  ['sessionTableName', 'pairTableName', 'queuePrefixes', 'gracePeriod'],
  ({ environment, ...host }) =>
    handle(
      {
        ...host,
        table: openSessionTable(environment.sessionTableName),
        pairs: pairTableIfAny(environment.pairTableName),
        sqs: openSqs(),
        cognito: openCognito(),
      },
      environment,
    ),
);
