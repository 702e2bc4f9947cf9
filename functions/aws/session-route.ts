import { createHash } from 'node:crypto';

/** DynamoDB's limit for a sort key, in bytes of UTF-8. */
const longestSortKey = 1024;

/**
 * The sort key of the index `routes`: it puts the sessions of one user side by side, under `u#<userId>#`, and those that
 * have no user under `s#`.
 *
 * An id of 255 characters outside the basic plane has 1020 bytes, which leaves no room for a user's prefix. Such an id is
 * replaced by its SHA-256 in hex, four times over: 256 characters are one more than an id can have, so that no session's
 * route is another's.
 */
export const routeOf = ({
  userId,
  sessionId,
}: {
  readonly userId?: number | undefined;
  readonly sessionId: string;
}): string => {
  const prefix = routePrefix(userId);
  const route = prefix + sessionId;
  if (Buffer.byteLength(route) <= longestSortKey) return route;
  return prefix + createHash('sha256').update(sessionId).digest('hex').repeat(4);
};

/** What the routes of a user's sessions start with, or of the sessions that have no user. */
export const routePrefix = (userId: number | undefined): string => (userId === undefined ? 's#' : `u#${userId}#`);
