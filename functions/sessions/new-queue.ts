/**
 * How long a queue that SQS does not know may only be too new, in milliseconds. CreateQueue's API reference says to wait "at least
 * one second", and names no most. A minute is how long SQS's servers may differ about a deletion (DeleteQueue).
 */
const newQueueTime = 60_000;

/**
 * Whether a session's queue may be too new to be known to SQS.
 * @param createdAt of the session, epoch seconds
 * @param now epoch milliseconds
 */
export const isNewQueue = ({ createdAt }: { readonly createdAt: number }, now: number): boolean =>
  now - createdAt * 1000 < newQueueTime;
