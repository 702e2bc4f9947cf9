import { fullJitter, type RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';

/** Returns the policy, with the default in its place where it throws, or returns what is not a time to wait. */
export const safeRetry =
  (retry: RetryPolicy | undefined, environment: Environment): RetryPolicy =>
  (attempt) => {
    try {
      const delay = retry?.(attempt) ?? NaN;
      if (delay >= 0) return delay;
    } catch (error) {
      environment.reportError?.(error);
    }
    return fullJitter()(attempt);
  };
