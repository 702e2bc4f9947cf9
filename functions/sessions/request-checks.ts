import { checkBody, checkInteger, checkIntegerWithin, checkObject, checkSessionId } from '../aws/input.ts';
import { checkQuery } from '../aws/query.ts';

/** Which session a request is about. */
export interface SessionKey {
  readonly accountId: number;
  readonly sessionId: string;
}

/** A checked request to a session's machine. */
export interface SessionRequest extends SessionKey {
  readonly userId?: number;
  /** Seconds a message waits in the session's queue, unless the stack's default is meant. */
  readonly messageRetentionPeriod?: number;
}

/**
 * Checks the ids and, of a create, the retention, wherever they come from: path, query, POSTed body, or the input of a
 * machine started directly. Members nobody asked for are left out.
 * @throws InvalidRequest naming the field
 */
export const checkSessionRequest = (input: unknown): SessionRequest => {
  const request = checkObject('request', input);
  const body = checkBody(request);
  const accountId = checkInteger('accountId', request['accountId']);
  const sessionId = checkSessionId(request['sessionId']);
  const userId = request['userId'];
  const asked = checkQuery(request['query']).get('MessageRetentionPeriod') ?? body['MessageRetentionPeriod'];
  const given = request['messageRetentionPeriod'];
  const retention = given === undefined ? asked : given;
  return {
    accountId,
    sessionId,
    ...(userId !== undefined && { userId: checkInteger('userId', userId) }),
    ...(retention !== undefined && { messageRetentionPeriod: checkRetention(retention) }),
  };
};

/** What SQS takes (SetQueueAttributes in its API reference), as an integer. */
const checkRetention = (value: unknown): number => checkIntegerWithin('MessageRetentionPeriod', value, [60, 1_209_600]);
