import { Throttled, UpstreamUnavailable } from './errors.ts';

/** How a function waits: `delay` in milliseconds, `random` a number from 0 up to 1 that spreads retries. */
export interface Waiting {
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
}

const firstDelay = 100;
const maxDelay = 2000;

/** How often a call is made in all. */
export const maxAttempts = 5;

/**
 * Waits before another attempt, with full jitter: somewhere between nothing and 100 ms, twice as much after each attempt,
 * at most 2 s ("Exponential Backoff And Jitter", AWS Architecture Blog).
 * @param attempt how many have failed, from 1
 */
export const backOff = async (attempt: number, { delay, random }: Waiting): Promise<void> => {
  await delay(random() * Math.min(maxDelay, firstDelay * 2 ** (attempt - 1)));
};

/** Makes a call again while it fails for a reason that passes. @throws the last failure, when it was made five times */
export const retry = async <T>(call: () => Promise<T>, waiting: Waiting): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const transient = error instanceof Throttled || error instanceof UpstreamUnavailable;
      if (!transient || attempt === maxAttempts) throw error;
    }
    await backOff(attempt, waiting);
  }
};
