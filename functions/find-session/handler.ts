import * as z from 'zod/mini';
import type { ListedSession } from '../../client/shared/session.ts';
import { SessionNotFound } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import { findSession, type FoundSession } from '../sessions/find-session.ts';
import { isActive, listedSession, openSessionTable, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.unknown(),
  state: z.unknown(),
  /**
   * `present`: there must be a record, expired or not; `active`: its keys must not have expired; `any`: a create machine of an older
   * version asks, while a deployment is under way.
   */
  expect: z.enum(['any', 'present', 'active']),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

export interface DescribedSession extends FoundSession {
  /** The session as the answer has it, still without keys; null unless the session is active. */
  readonly description: ListedSession | null;
}

/**
 * Checks the request, and finds its session.
 * @throws InvalidRequest, SessionNotFound
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<DescribedSession> => {
    const { expect, ...given } = inputSchema.parse(input);
    const found = await findSession(table, given, expect === 'any' ? ['MessageRetentionPeriod'] : []);
    const { request, session, identityGone } = found;
    const description = session && isActive(session, now()) ? listedSession(session) : null;
    const expected = { any: true, present: session && !identityGone, active: description && !identityGone }[expect];
    if (!expected) throw new SessionNotFound(request.accountId, request.sessionId);
    return { ...found, description };
  };

export const handler = task('find-session', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
