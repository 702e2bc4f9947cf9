import { createHash, createHmac } from 'node:crypto';

/** The parts the queues are divided into for cleanup: the first hex digit of a name's random part. */
export const shards: readonly string[] = Array.from('0123456789abcdef');

/** Hex digits after the prefix, 128 bits. */
export const randomDigits = 32;

/**
 * The role session name of a session's keys, 32 hex digits. The session's record has the seed only, so that the record does not
 * tell the name, which the queue's policy lets in.
 * @param secret the stack's
 * @param seed 128 random bits in hex, never used twice
 */
export const roleSessionName = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update(seed).digest('hex').slice(0, 32);

/**
 * The name of the queue made for a session's first seed: `<prefix>-<32 hex digits>`. It is derived, so that a repeated
 * CreateQueue finds the queue of the first. A seed is never used twice, and so neither is a queue name.
 */
export const newQueueName = (prefix: string, nameSeed: string): string => {
  const digest = createHash('sha256').update(nameSeed).digest('hex');
  return `${prefix}-${digest.slice(0, randomDigits)}`;
};

/** The shard of a queue that newQueueName named. */
export const shardOf = (queueName: string): string => queueName.charAt(queueName.length - randomDigits);

/** A queue's name, the last segment of its URL, whatever the URL's host. */
export const queueNameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

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
