/** Milliseconds in which a queue that SQS does not know may be too new, and not gone. */
const newQueueTime = 60_000;

/**
 * Whether the queue of a session may not be known yet: "wait at least one second after the queue is created" (CreateQueue in SQS's API
 * reference).
 * @param createdAt when the session was created, in epoch seconds
 * @param now epoch milliseconds
 */
export const mayBeNew = (createdAt: number, now: number): boolean => now - createdAt * 1000 < newQueueTime;
