import * as z from 'zod/mini';
import { parameters } from '../../client/shared/parameters.ts';
import { checkInteger, checkIntegerWithin, checkObject, checkSessionId, readParameters } from '../aws/input.ts';
import { findRecord, type SessionRecord, type SessionRequest, type SessionTable } from './session-record.ts';

/**
 * What an earlier attempt of the same execution found. A caller's input does not have this shape: then it is the first attempt.
 */
const earlierState = z.object({
  request: z.object({ accountId: z.number() }),
  session: z.nullable(z.object({ nameSeed: z.string() })),
  attempt: z.number().check(z.gte(1), z.lte(3)),
});

/** The session of a request, as a machine's state has it. */
export interface FoundSession {
  readonly request: SessionRequest;
  readonly session: SessionRecord | null;
  /** Whether the session's identity no longer exists. */
  readonly identityGone: boolean;
  /** 1 the first time. */
  readonly attempt: number;
}

/** The parameters that a request of a session may have beside its path. */
type SessionParameters = readonly 'MessageRetentionPeriod'[];

/**
 * Checks the request and finds its session. After a SessionConflict the machine starts again here. If the session has not changed since
 * then, the conflict was that its identity no longer exists.
 * @param input the execution's input, and the machine's state
 * @param takes the parameters that the route takes
 * @throws InvalidRequest
 */
export const findSession = async (
  table: SessionTable,
  input: { readonly request: unknown; readonly state: unknown },
  takes: SessionParameters,
): Promise<FoundSession> => {
  const request = checkSessionRequest(input.request, takes);
  const session = await findRecord(table, request);
  const earlier = earlierState.safeParse(input.state).data;
  const identityGone = session !== null && earlier?.session?.nameSeed === session.nameSeed;
  return { request, session, identityGone, attempt: (earlier?.attempt ?? 0) + 1 };
};

/**
 * Checks the ids and, of a create, the retention. They may be in the path, the query, the POSTed body, or the input of a machine that was
 * started directly. Other members are left out.
 * @throws InvalidRequest naming the field
 */
export const checkSessionRequest = (input: unknown, takes: SessionParameters): SessionRequest => {
  const request = checkObject('request', input);
  const { MessageRetentionPeriod: asked } = readParameters(request, ...takes);
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
