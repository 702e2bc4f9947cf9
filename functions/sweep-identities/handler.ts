import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import * as z from 'zod/mini';
import { openCognito } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { identitiesPerCall, listIdentities } from '../sessions/identities.ts';
import { retry } from '../aws/retry.ts';
import { shards } from '../sessions/queue-names.ts';
import { openSessionTable, readShard, type SessionTable } from '../sessions/session-table.ts';
import { addUp, sweepResultSchema, type SweepResult } from '../cleanup/sweep-result.ts';
import { task, type Host } from '../aws/task.ts';
import { chunks, removeIdentities } from '../cleanup/unused-identities.ts';

const inputSchema = z.object({ swept: z.array(sweepResultSchema), deadline: z.number() });

interface Dependencies extends Host {
  readonly table: SessionTable;
  readonly cognito: CognitoIdentityClient;
}

/**
 * Adds up what the shards' sweeps removed, and removes the identities older than the grace period that no session has:
 * those a create made and lost. Only in a pool that is the stack's own; in a shared one they are somebody else's.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when the identities or sessions cannot be listed
 */
export const handle =
  (tools: Dependencies, environment: Environment<'identityPoolId' | 'identityPoolOwned' | 'gracePeriod'>) =>
  async (input: unknown): Promise<SweepResult> => {
    const { table, now, log } = tools;
    const { swept, deadline } = inputSchema.parse(input);
    const tally = addUp(swept);
    if (environment.identityPoolOwned !== 'true') return tally;
    const goOn = () => now() < deadline;
    const cutoff = now() - Number(environment.gracePeriod) * 1000;
    const old = await listOlder({ ...tools, goOn }, environment.identityPoolId, cutoff);
    const unused = await confirmUnused(table, old.identityIds, goOn);
    tally.complete &&= old.complete && unused !== null;
    for (const some of chunks(unused ?? [], identitiesPerCall)) {
      if (goOn()) await removeIdentities(tools, some, tally);
      else tally.complete = false;
    }
    log.info('IDENTITIES_SWEPT', { ...tally });
    return tally;
  };

/** The pool's identities made before `cutoff`, in epoch milliseconds, as far as there was time to list them. */
const listOlder = async (
  tools: Dependencies & { readonly goOn: () => boolean },
  identityPoolId: string,
  cutoff: number,
): Promise<{ identityIds: readonly string[]; complete: boolean }> => {
  const identityIds: string[] = [];
  let next: string | undefined;
  do {
    if (!tools.goOn()) return { identityIds, complete: false };
    const from = next;
    const page = await retry(() => listIdentities(tools.cognito, identityPoolId, from), tools);
    identityIds.push(...page.identities.filter(({ created }) => created < cutoff).map(({ identityId }) => identityId));
    next = page.next;
  } while (next !== undefined);
  return { identityIds, complete: true };
};

/**
 * Those of the identities that no session has. The index lags behind the table, so all of it is read twice.
 * @returns null when there was no time for that
 */
const confirmUnused = async (
  table: SessionTable,
  identityIds: readonly string[],
  goOn: () => boolean,
): Promise<readonly string[] | null> => {
  let unused = identityIds;
  for (let reading = 1; reading <= 2 && unused.length > 0; reading += 1) {
    const used = new Set<string>();
    for (const shard of shards) {
      const sessions = await readShard(table, shard, goOn);
      if (!sessions) return null;
      for (const { identityId } of sessions) used.add(identityId);
    }
    unused = unused.filter((identityId) => !used.has(identityId));
  }
  return unused;
};

export const handler = task(
  'sweep-identities',
  ['sessionTableName', 'identityPoolId', 'identityPoolOwned', 'gracePeriod'],
  ({ environment, ...host }) =>
    handle({ ...host, table: openSessionTable(environment.sessionTableName), cognito: openCognito() }, environment),
);
