import { createHash } from 'node:crypto';
import { InvalidRequest } from '../aws/errors.ts';
import type { SessionKey } from './request-checks.ts';

/** What a token is good for: one stack's table, and either all of it or one account. */
export interface ListScope {
  readonly tableName: string;
  readonly accountId?: number | undefined;
}

const checksumBytes = 16;

/**
 * Where the next page of a list starts, as text without meaning to the caller: base64url of a checksum and the last key.
 * The checksum binds it to its scope. It is no signature and need not be one: whoever may list may list from anywhere.
 */
export const listToken = (scope: ListScope, { accountId, sessionId }: SessionKey): string => {
  const key = Buffer.from(JSON.stringify([accountId, sessionId]));
  return Buffer.concat([checksumOf(scope, key), key]).toString('base64url');
};

/**
 * The key in a token.
 * @throws InvalidRequest naming nextToken unless listToken made it, for this scope, and nobody changed it
 */
export const readListToken = (scope: ListScope, token: unknown): SessionKey => {
  const bytes = Buffer.from(typeof token === 'string' ? token : '', 'base64url');
  const key = bytes.subarray(checksumBytes);
  // Decoding forgives: other alphabets, spaces, padding, unused bits at the end. Encoding again does not.
  const intact =
    bytes.toString('base64url') === token && checksumOf(scope, key).equals(bytes.subarray(0, checksumBytes));
  if (!intact || key.length === 0) {
    throw new InvalidRequest('nextToken', token, 'the nextToken of a previous answer to the same list');
  }
  const [accountId, sessionId] = JSON.parse(key.toString()) as [number, string];
  return { accountId, sessionId };
};

const checksumOf = ({ tableName, accountId }: ListScope, key: Buffer): Buffer => {
  const scope = JSON.stringify([tableName, accountId ?? null]);
  return createHash('sha256').update(scope).update(key).digest().subarray(0, checksumBytes);
};
