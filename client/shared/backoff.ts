export interface BackoffOptions {
  /** The upper bound of the first wait, milliseconds. Default 1,000. */
  readonly base?: number | undefined;
  /** The upper bound of every wait, milliseconds. Default 60,000. */
  readonly cap?: number | undefined;
  /** Returns a number from 0 up to, but not including, 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

/** Returns how many milliseconds to wait before the next attempt. `attempt` counts the failures in a row, from 1. */
export type RetryPolicy = (attempt: number) => number;

/**
 * Exponential backoff with full jitter: a random wait from 0 to min(cap, base × 2^(attempt − 1)), so that clients that failed
 * at the same moment do not all retry at the same moment.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const fullJitter =
  ({ base = 1_000, cap = 60_000, random = Math.random }: BackoffOptions = {}): RetryPolicy =>
  (attempt) =>
    random() * Math.min(cap, base * 2 ** (attempt - 1));
