/** Milliseconds in which a queue that SQS does not know may be too new, and not gone. */
const newQueueTime = 60_000;

/**
 * Whether SQS may not know the queue of a session yet: "wait at least one second after the queue is created" (CreateQueue in SQS's API
 * reference). The console's page uses it too, so it is not the functions' isNewQueue, whose module needs Node.js.
 * @param createdAt when the session was created, in epoch seconds
 * @param now epoch milliseconds
 */
export const isNewQueue = (createdAt: number, now: number): boolean => now - createdAt * 1000 < newQueueTime;
