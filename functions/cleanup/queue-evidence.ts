import * as z from 'zod/mini';

/** The maximum lifetime of keys of STS, in seconds (DurationSeconds in AssumeRoleWithWebIdentity's API reference). */
const maxKeyLife = 12 * 3600;

/** What is known of the table of sessions. */
export interface TableHistory {
  readonly restored: boolean;
  /** Epoch seconds: since when the stack has used this table. */
  readonly since: number;
}

/** Until when keys may be valid whose sessions are in another table and not in this one; epoch seconds. */
export const settledFrom = ({ since }: TableHistory, gracePeriod: number): number => since + maxKeyLife + gracePeriod;

/**
 * Whether a queue without a session in this table is proved unused. It is if the queue's policy names this table. Policies of old
 * versions name no table: their queues had their sessions in this table if they are younger than it. A queue of another table's session,
 * after the table was replaced, may be in use as long as keys live.
 * @param created epoch seconds
 */
export const isOfTable = (
  { policy, created }: { readonly policy: string | undefined; readonly created: number },
  tableName: string,
  { since }: TableHistory,
): boolean => {
  const id = readPolicy(policy)?.Id;
  return id === undefined ? created >= since : id === tableName;
};

const policySchema = z.object({
  Id: z.exactOptional(z.string()),
  Statement: z.array(
    z.object({
      Condition: z.exactOptional(
        z.object({ StringEqualsIfExists: z.exactOptional(z.record(z.string(), z.unknown())) }),
      ),
    }),
  ),
});

const readPolicy = (policy: string | undefined): z.output<typeof policySchema> | undefined => {
  try {
    return policySchema.safeParse(JSON.parse(policy ?? '')).data;
  } catch {
    return undefined;
  }
};

/** The identity that a queue's policy lets in; undefined when the policy is not ours or does not say. */
export const identityOf = (policy: string | undefined): string | undefined => {
  for (const { Condition } of readPolicy(policy)?.Statement ?? []) {
    for (const [name, value] of Object.entries(Condition?.StringEqualsIfExists ?? {})) {
      const [identityId] = [value].flat();
      if (name.endsWith(':sub') && typeof identityId === 'string' && identityPattern.test(identityId))
        return identityId;
    }
  }
  return undefined;
};

/** GetId's API reference. */
const identityPattern = /^[\w-]+:[0-9a-f-]+$/;
