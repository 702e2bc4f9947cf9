import { createHash } from 'node:crypto';

/** Text of so many characters that compression makes no smaller than three quarters: the same for the same length. */
export const randomText = (length: number): string =>
  createHash('shake256', { outputLength: length }).update('text').digest('base64url').slice(0, length);
