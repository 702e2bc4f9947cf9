import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { InvalidRequest } from '../aws/errors.ts';
import { checkInteger, checkSessionId } from '../aws/input.ts';
import type { SessionKey } from '../../client/shared/session.ts';

/** The list that a token belongs to: of one stack's table, either all sessions or those of one account. */
export interface ListScope {
  readonly tableName: string;
  readonly accountId?: number | undefined;
}

const checksumBytes = 16;
/** How many characters of a token a message may show. They are all of the checksum, so that no session's id is shown. */
const shownCharacters = 12;
const keySchema = z.tuple([z.number(), z.string()]);

/**
 * Where the next page of a list starts, as text without meaning to the caller: base64url of a checksum and the last key.
 * The checksum binds it to its scope. It is not a signature and does not have to be: a caller who may list may start anywhere.
 */
export const listToken = (scope: ListScope, { accountId, sessionId }: SessionKey): string => {
  const key = Buffer.from(JSON.stringify([accountId, sessionId]));
  return Buffer.concat([checksumOf(scope, key), key]).toString('base64url');
};

/**
 * The key in a token.
 * @throws InvalidRequest naming nextToken unless it is what listToken gives for this scope. The message shows its
 * beginning only: it holds a session's id, and Lambda logs what is thrown.
 */
export const readListToken = (scope: ListScope, token: unknown): SessionKey => {
  const bytes = Buffer.from(typeof token === 'string' ? token : '', 'base64url');
  const key = bytes.subarray(checksumBytes);
  // Decoding accepts other alphabets, spaces, padding and unused bits at the end. So the result is encoded again and compared.
  const intact =
    bytes.toString('base64url') === token && checksumOf(scope, key).equals(bytes.subarray(0, checksumBytes));
  const read = intact ? readKey(scope, key.toString()) : undefined;
  const start = typeof token === 'string' ? token.slice(0, shownCharacters) : token;
  if (!read) throw new InvalidRequest('nextToken', start, 'the nextToken of a previous answer to the same list');
  return read;
};

/** Anybody can compute the checksum, so what it covers is checked as well. */
const readKey = (scope: ListScope, text: string): SessionKey | undefined => {
  try {
    const [accountId, sessionId] = keySchema.parse(JSON.parse(text));
    const key = { accountId: checkInteger('accountId', accountId), sessionId: checkSessionId(sessionId) };
    return scope.accountId === undefined || scope.accountId === key.accountId ? key : undefined;
  } catch {
    return undefined;
  }
};

const checksumOf = ({ tableName, accountId }: ListScope, key: Buffer): Buffer => {
  const scope = JSON.stringify([tableName, accountId ?? null]);
  return createHash('sha256').update(scope).update(key).digest().subarray(0, checksumBytes);
};
