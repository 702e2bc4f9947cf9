import type { RetryPolicy } from '../browser/backoff.ts';
import { SqsBrowserError, Throttled } from './errors.ts';
import type { BackendEnvironment } from './types.ts';

export interface RetryOptions {
  readonly environment: BackendEnvironment;
  readonly attempts: number;
  readonly retry: RetryPolicy;
  readonly signal?: AbortSignal | undefined;
}

/** A service that wants longer than this to be left alone is not asked again, seconds. */
const longestWait = 30;

/** Whether the same call may well succeed later. */
export const isTransient = (error: unknown): boolean => error instanceof SqsBrowserError && error.transient;

/** Resolves after so many milliseconds. @throws the signal's reason when it aborts before */
export const pause = (
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

/** Milliseconds until the attempt after this failure. What the service asks for comes on top of the jitter. */
export const waitAfter = (error: unknown, attempt: number, retry: RetryPolicy): number =>
  retry(attempt) + (error instanceof Throttled ? error.retryAfter * 1_000 : 0);

/**
 * Tries until it succeeds, fails for good, or was tried often enough.
 * @param worthRetrying whether a failure may be tried again
 * @throws the last failure, or the signal's reason
 */
export const withRetries = async <Result>(
  options: RetryOptions,
  worthRetrying: (error: unknown) => boolean,
  run: (attempt: number) => Promise<Result>,
): Promise<Result> => {
  const { attempts, retry, signal } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await run(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      const isTooLong = error instanceof Throttled && error.retryAfter > longestWait;
      if (attempt >= attempts || isTooLong || !worthRetrying(error)) throw error;
      await pause(options, waitAfter(error, attempt, retry));
    }
  }
};
