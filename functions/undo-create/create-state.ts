import * as z from 'zod/mini';
import { newQueueName, queueNameOf } from '../sessions/queue-names.ts';
import { identitySchema, recordSchema, type SeenVersion, type SessionRecord } from '../sessions/session-record.ts';

/** What a create has come to, as the machine's data have it when Undo Create runs. */
export const stateSchema = z.object({
  request: z.object({ accountId: z.number(), sessionId: z.string() }),
  session: z.nullable(recordSchema),
  identity: z.exactOptional(identitySchema),
  prepared: z.exactOptional(z.object({ keys: z.object({ accessKey: z.string() }) })),
  /** The found session's, until Record Session has put the new one's in its place. */
  description: z.nullable(z.object({ identityId: z.string() })),
  failure: z.exactOptional(z.object({ Error: z.string() })),
});
export type CreateState = z.output<typeof stateSchema>;

/**
 * Whether a failed refresh may have left its identity in the record or in the queue's policy. Record Session's own
 * SessionConflict says that nothing was written.
 */
export const mayHaveRefreshed = ({ session, identity, prepared, description, failure }: CreateState): boolean => {
  if (!failure || !session || !prepared) return false;
  return description?.identityId === identity?.identityId || failure.Error !== 'SessionConflict';
};

/** How the record reads if this create wrote it and nobody has changed it since. */
export const ownVersion = ({ session, identity, prepared }: CreateState): SeenVersion | undefined => {
  if (!session || !identity || !prepared) return undefined;
  const { sessionName } = identity;
  return { version: session.version + 1, sessionName, accessKey: prepared.keys.accessKey };
};

/** The found and the made identity, except the one the record names. */
export const unusedIdentities = ({ session, identity }: CreateState, record: SessionRecord | null): string[] => {
  const identities = [session?.identityId, identity?.identityId];
  return identities.filter((each) => each !== undefined && each !== record?.identityId) as string[];
};

/**
 * The name of the found or, without one, of the made queue, unless the record names it. A queue that the record of its
 * session does not name now will never be named again: every write is conditional on the record that was seen.
 */
export const unusedQueue = (
  { session, identity }: CreateState,
  record: SessionRecord | null,
  queuePrefix: string,
): string[] => {
  if (session) return session.queueUrl === record?.queueUrl ? [] : [queueNameOf(session.queueUrl)];
  const made = identity && newQueueName(queuePrefix, identity.sessionName);
  return made === undefined || (record && queueNameOf(record.queueUrl) === made) ? [] : [made];
};
