import { createHash } from 'node:crypto';

/** Text of `length` characters, of which compression leaves three quarters or more. The same length gives the same text. */
export const randomText = (length: number): string =>
  createHash('shake256', { outputLength: length }).update('text').digest('base64url').slice(0, length);
