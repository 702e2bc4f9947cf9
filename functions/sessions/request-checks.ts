import { parameters } from '../../client/shared/parameters.ts';
import type { SessionKey } from '../../client/shared/session.ts';
import { checkInteger, checkIntegerWithin, checkObject, checkSessionId } from '../aws/input.ts';
import { readParameters } from '../aws/parameters.ts';

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
