import * as z from 'zod/mini';
import { parameters } from '../../client/shared/parameters.ts';
import type { ListedSession } from '../../client/shared/session.ts';
import { SessionNotFound } from '../aws/errors.ts';
import { checkInteger, checkIntegerWithin, checkObject, checkSessionId, readParameters } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import {
  type SessionRequest,
  isActive,
  listedSession,
  type SessionRecord,
  findRecord,
  openSessionTable,
  type SessionTable,
} from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.unknown(),
  state: z.unknown(),
  /** `present`: there must be a record, expired or not; `active`: its keys must not have expired. */
  expect: z.enum(['any', 'present', 'active']),
});

/**
 * What an earlier attempt of the same execution found. A caller's input does not have this shape: then it is the first attempt.
 */
const earlierState = z.object({
  request: z.object({ accountId: z.number() }),
  session: z.nullable(z.object({ nameSeed: z.string() })),
  attempt: z.number().check(z.gte(1), z.lte(3)),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

export interface FoundSession {
  readonly request: SessionRequest;
  readonly session: SessionRecord | null;
  /** The session as the API shows it, still without keys; null unless the session is active. */
  readonly description: ListedSession | null;
  /** Whether the session's identity no longer exists. */
  readonly identityGone: boolean;
  /** 1 the first time. */
  readonly attempt: number;
}

/**
 * Checks the request and finds its session. After a SessionConflict the machine starts again here. If the session has not changed since
 * then, the conflict was that its identity no longer exists.
 * @throws InvalidRequest, SessionNotFound
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<FoundSession> => {
    const { request: unchecked, state, expect } = inputSchema.parse(input);
    const request = checkSessionRequest(unchecked);
    const session = await findRecord(table, request);
    const earlier = earlierState.safeParse(state).data;
    const identityGone = session !== null && earlier?.session?.nameSeed === session.nameSeed;
    const description = session && isActive(session, now()) ? listedSession(session) : null;
    const found = { any: true, present: session && !identityGone, active: description && !identityGone }[expect];
    if (!found) throw new SessionNotFound(request.accountId, request.sessionId);
    return { request, session, description, identityGone, attempt: (earlier?.attempt ?? 0) + 1 };
  };

/**
 * Checks the ids and, of a create, the retention, wherever they come from: path, query, POSTed body, or the input of a
 * machine started directly. Members that have no meaning here are left out.
 * @throws InvalidRequest naming the field
 */
export const checkSessionRequest = (input: unknown): SessionRequest => {
  const request = checkObject('request', input);
  const { MessageRetentionPeriod: asked } = readParameters(request, 'MessageRetentionPeriod');
  const accountId = checkInteger('accountId', request['accountId']);
  const sessionId = checkSessionId(request['sessionId']);
  const userId = request['userId'];
  const given = request['messageRetentionPeriod'];
  const retention = given === undefined ? asked : given;
  return {
    accountId,
    sessionId,
    ...(userId !== undefined && { userId: checkInteger('userId', userId) }),
    ...(retention !== undefined && { messageRetentionPeriod: checkRetention(retention) }),
  };
};

const checkRetention = (value: unknown): number =>
  checkIntegerWithin('MessageRetentionPeriod', value, parameters.MessageRetentionPeriod.schema);

export const handler = task('find-session', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
