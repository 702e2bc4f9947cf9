import type { RetryPolicy } from '../shared/backoff.ts';
import { SqsBrowserError, Throttled } from './errors.ts';
import type { BackendEnvironment } from './types.ts';

export interface RetryOptions {
  readonly environment: BackendEnvironment;
  readonly attempts: number;
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
}

/** A call that the service wants repeated later than this fails at once, seconds. */
const maxRetryAfter = 30;

/** Whether the same call may well succeed later. */
export const isTransient = (error: unknown): boolean => error instanceof SqsBrowserError && error.transient;

/** Resolves after so many milliseconds. @throws the signal's reason when it aborts before */
export const wait = (
  { environment, signal }: Pick<RetryOptions, 'environment' | 'signal'>,
  milliseconds: number,
): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = environment.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = (): void => {
      environment.clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });

/** Milliseconds until the next attempt: what the service asks for, and the jitter on top. */
const waitAfter = (error: unknown, attempt: number, retry: RetryPolicy): number =>
  retry(attempt) + (error instanceof Throttled ? error.retryAfter * 1_000 : 0);

/**
 * Makes a call again until it succeeds, fails for a reason that does not pass, or was made `attempts` times.
 * @param shouldRetry whether the call may be made again after this failure
 * @throws the last failure, or the signal's reason
 */
export const withRetries = async <Result>(
  options: RetryOptions,
  shouldRetry: (error: unknown) => boolean,
  call: () => Promise<Result>,
): Promise<Result> => {
  const { attempts, retry, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      const isTooLate = error instanceof Throttled && error.retryAfter > maxRetryAfter;
      if (attempt >= attempts || isTooLate || !shouldRetry(error)) throw error;
      await wait(options, waitAfter(error, attempt, retry));
    }
  }
};
