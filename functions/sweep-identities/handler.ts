import * as z from 'zod/mini';
import { openCognito, type CognitoIdentityClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { task, type Host } from '../aws/task.ts';
import { readState, writeState } from '../cleanup/cleanup-state.ts';
import { IdentitySweep } from '../cleanup/identity-sweep.ts';
import { addUp, sweepResultSchema, type SweepResult } from '../cleanup/sweep-result.ts';
import { pairTableIfAny, type PairTable } from '../sessions/pairs.ts';
import { openSessionTable, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({
  swept: z.array(sweepResultSchema),
  /** Epoch milliseconds after which nothing is begun. */
  deadline: z.number(),
  restored: z.boolean(),
  settled: z.boolean(),
});

interface Dependencies extends Host {
  readonly table: SessionTable;
  /** Undefined where there is no pool. */
  readonly pairs: PairTable | undefined;
  readonly cognito: CognitoIdentityClient;
}

/**
 * Adds up what the shards' sweeps removed. Then removes identities older than the grace period that neither a session nor a pair has:
 * creates that failed left them. It does so only in the stack's own pool; in a shared pool they may belong to others. The next cleanup
 * continues where this one had no more time.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when the identities or sessions cannot be listed
 */
export const handle =
  (dependencies: Dependencies, environment: Environment<'identityPoolId' | 'identityPoolOwned' | 'gracePeriod'>) =>
  async (input: unknown): Promise<SweepResult> => {
    const { swept, deadline, restored, settled } = inputSchema.parse(input);
    const { table, now, log } = dependencies;
    const tally = addUp(swept);
    if (environment.identityPoolOwned !== 'true' || (restored && !settled)) return tally;
    if (now() >= deadline) return { ...tally, complete: false };
    const { identityToken, ...state } = await readState(table, Math.floor(now() / 1000));
    const cutoff = now() - Number(environment.gracePeriod) * 1000;
    const sweep = new IdentitySweep({ ...dependencies, deadline, poolId: environment.identityPoolId, cutoff }, tally);
    const complete = await sweep.run(identityToken, (token) =>
      writeState(table, { ...state, ...(token !== undefined && { identityToken: token }) }),
    );
    tally.complete &&= complete;
    log.info('IDENTITIES_SWEPT', { ...tally });
    return tally;
  };

export const handler = task(
  'sweep-identities',
  ['sessionTableName', 'pairTableName', 'identityPoolId', 'identityPoolOwned', 'gracePeriod'],
  ({ environment, ...host }) =>
    handle(
      {
        ...host,
        table: openSessionTable(environment.sessionTableName),
        pairs: pairTableIfAny(environment.pairTableName),
        cognito: openCognito(),
      },
      environment,
    ),
);
