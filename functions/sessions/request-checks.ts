import { InvalidRequest } from '../aws/failures.ts';
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

export type Fields = Readonly<Record<string, unknown>>;

const longestSessionId = 255;

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

/**
 * A JavaScript safe integer, negative ones too: a number, or its plain decimal text as a path carries it. Every integer
 * has one text only, so that one session has one URL: no sign but a minus, no leading zeros, no point, exponent or hex,
 * and no "-0".
 * @throws InvalidRequest naming the field
 */
export const checkInteger = (field: string, value: unknown): number => {
  const number = readInteger(value);
  if (number === undefined) {
    throw new InvalidRequest(field, value, 'an integer from -(2^53 - 1) to 2^53 - 1 in plain decimal');
  }
  return number;
};

const readInteger = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^(?:0|-?[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
  // JSON's -0 is the integer 0.
  return typeof number === 'number' && Number.isSafeInteger(number) ? number + 0 : undefined;
};

/** An integer, or its text, within bounds. @throws InvalidRequest naming the field and the bounds */
export const checkIntegerWithin = (field: string, value: unknown, [least, most]: readonly [number, number]): number => {
  const number = readInteger(value);
  if (number === undefined || number < least || number > most) {
    throw new InvalidRequest(field, value, `an integer from ${least} to ${most}`);
  }
  return number;
};

/**
 * A text of 1 to 255 characters. A character is a Unicode code point, so that 255 emoji are 255 characters; with at most
 * 4 bytes each that is 1020 bytes, within DynamoDB's 1024 for a sort key. Half a surrogate pair is no character: UTF-8
 * cannot carry it, so the id would come back changed.
 * @throws InvalidRequest naming sessionId
 */
export const checkSessionId = (value: unknown): string => {
  if (
    typeof value !== 'string' ||
    value === '' ||
    value.length > 2 * longestSessionId ||
    Array.from(value).length > longestSessionId ||
    !value.isWellFormed()
  ) {
    throw new InvalidRequest('sessionId', value, `a text of 1 to ${longestSessionId} Unicode characters`);
  }
  return value;
};

/**
 * The object a POST carried as raw text in the request's member `body`; without one, an empty object.
 * @throws InvalidRequest naming body when it is not empty and not a JSON object
 */
export const checkBody = (request: Fields): Fields => {
  const { body } = request;
  if (body === undefined || body === '') return {};
  const parsed = typeof body === 'string' ? parse(body) : body;
  if (!isObject(parsed)) throw new InvalidRequest('body', body, 'a JSON object');
  return parsed;
};

/** @throws InvalidRequest naming the field */
export const checkObject = (field: string, value: unknown): Fields => {
  if (!isObject(value)) throw new InvalidRequest(field, value, 'a JSON object');
  return value;
};

/** What SQS takes (SetQueueAttributes in its API reference), as an integer. */
const checkRetention = (value: unknown): number => checkIntegerWithin('MessageRetentionPeriod', value, [60, 1_209_600]);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
