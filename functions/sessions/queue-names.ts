import { createHash } from 'node:crypto';

/** The parts the queues are divided into for cleanup: the first hex digit of a name's random part. */
export const shards: readonly string[] = Array.from('0123456789abcdef');

/** Hex digits after the prefix, 128 bits. */
export const randomDigits = 32;

/**
 * The name of the queue made for a session name: `<prefix>-<32 hex digits>`. It is derived, so that a repeated CreateQueue
 * finds the queue of the first; and from a secret by a one-way function, so that it can neither be guessed nor tells the
 * secret. A session name is never used twice, and so neither is a queue name.
 */
export const newQueueName = (prefix: string, sessionName: string): string => {
  const digest = createHash('sha256').update(sessionName).digest('hex');
  return `${prefix}-${digest.slice(0, randomDigits)}`;
};

/** The shard of a queue that newQueueName named. */
export const shardOf = (queueName: string): string => queueName.charAt(queueName.length - randomDigits);

/** A queue's name, the last segment of its URL, whatever the URL's host. */
export const queueNameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
