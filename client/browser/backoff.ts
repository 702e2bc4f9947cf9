export interface BackoffOptions {
  /** Longest first wait, milliseconds. Default 1,000. */
  readonly base?: number;
  /** Longest wait of all, milliseconds. Default 60,000. */
  readonly cap?: number;
  /** A number from 0 up to 1. Default Math.random. */
  readonly random?: () => number;
}

/** Milliseconds to wait before the next attempt, after so many failures in a row (1 for the first). */
export type RetryPolicy = (attempt: number) => number;

/**
 * Exponential backoff with full jitter: anything from 0 to min(cap, base × 2^(attempt − 1)), evenly spread, so that many
 * clients that failed at once do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const fullJitter =
  ({ base = 1_000, cap = 60_000, random = Math.random }: BackoffOptions = {}): RetryPolicy =>
  (attempt) =>
    random() * Math.min(cap, base * 2 ** (attempt - 1));
