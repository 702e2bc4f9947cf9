import { InvalidRequest, MessageTooLarge } from '../aws/errors.ts';
import { checkInteger, checkObject, checkSessionId } from '../aws/input.ts';
import { messageLimit } from './limits.ts';
import type { Addressees } from './message.ts';

/**
 * The characters a JSON text can hold that SQS refuses in a message: of U+0000 to U+10FFFF without surrogates SQS takes
 * all but U+FFFE, U+FFFF and most control characters (SendMessageBatch in its API reference), and JSON has control
 * characters only as escapes.
 */
const refusedCharacters = /[\uFFFE\uFFFF]/;

/**
 * Reads whom a message is for from its text.
 * @param field what the text is called in a failure: `record`, `message`
 * @throws MessageTooLarge, or InvalidRequest naming what is wrong
 */
export const readAddressees = (field: string, text: string): Addressees => {
  const bytes = Buffer.byteLength(text);
  if (bytes > messageLimit) throw new MessageTooLarge(bytes, messageLimit);
  if (refusedCharacters.test(text) || !text.isWellFormed()) {
    throw new InvalidRequest(field, text, 'without the characters that SQS refuses: U+FFFE, U+FFFF, half a surrogate');
  }
  const { accountId, sessionId, userId } = checkObject(field, parse(field, text));
  return {
    accountId: checkJsonInteger('accountId', accountId),
    ...(sessionId !== undefined && { sessionId: checkSessionId(sessionId) }),
    ...(userId !== undefined && { userId: checkJsonInteger('userId', userId) }),
  };
};

/** @throws InvalidRequest when the text is not JSON */
export const parse = (field: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequest(field, text, 'a JSON object');
  }
};

/** A number, never its decimal text: what a message says is not reinterpreted. */
const checkJsonInteger = (field: string, value: unknown): number => {
  if (typeof value !== 'number') throw new InvalidRequest(field, value, 'an integer');
  return checkInteger(field, value);
};

/** JSON with no character in it that SQS refuses. */
export const sqsJson = (value: unknown): string => escapeRefused(JSON.stringify(value));

/** Escapes what SQS and UTF-8 refuse in a JSON text; such characters can only be within strings. */
export const escapeRefused = (json: string): string =>
  json.replace(/[\uFFFE\uFFFF\p{Surrogate}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
