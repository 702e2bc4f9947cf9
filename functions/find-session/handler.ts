import * as z from 'zod/mini';
import { SessionNotFound } from '../aws/errors.ts';
import { checkSessionRequest, type SessionRequest } from '../sessions/request-checks.ts';
import { describeSession, isActive, type Description, type SessionRecord } from '../sessions/session-record.ts';
import { findRecord, openSessionTable, type SessionTable } from '../sessions/session-table.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  request: z.unknown(),
  state: z.unknown(),
  /** `present`: there must be a record, expired or not; `active`: its keys must not have expired. */
  expect: z.enum(['any', 'present', 'active']),
});

/** How often a machine that lost a race has come here before; anything but our own count is a caller's and means never. */
const countedState = z.object({
  request: z.object({ accountId: z.number() }),
  attempt: z.number().check(z.gte(1), z.lte(3)),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

export interface FoundSession {
  readonly request: SessionRequest;
  readonly session: SessionRecord | null;
  /** Null unless the session is active. */
  readonly description: Description | null;
  /** 1 the first time. */
  readonly attempt: number;
}

/**
 * Checks the request, and finds the session it is about.
 * @throws InvalidRequest, SessionNotFound
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<FoundSession> => {
    const { request: unchecked, state, expect } = inputSchema.parse(input);
    const request = checkSessionRequest(unchecked);
    const session = await findRecord(table, request);
    const description = session && isActive(session, now()) ? describeSession(session) : null;
    if ((expect === 'present' && !session) || (expect === 'active' && !description)) {
      throw new SessionNotFound(request.accountId, request.sessionId);
    }
    const before = countedState.safeParse(state).data?.attempt ?? 0;
    return { request, session, description, attempt: before + 1 };
  };

export const handler = task('find-session', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
