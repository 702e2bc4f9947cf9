import { fullJitter } from '../../client/shared/backoff.ts';
import { Throttled, UpstreamUnavailable } from './errors.ts';

/** How a function waits: `delay` takes milliseconds; `random` returns a number from 0 up to 1, which spreads retries. */
export interface Waiting {
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
}

/** The upper bounds of the first wait and of every wait, in milliseconds. */
const bounds = { base: 100, cap: 2000 };

/** How often a call is made in all. */
export const maxAttempts = 5;

/**
 * Waits before another attempt, with full jitter.
 * @param attempt how many have failed, from 1
 */
export const backOff = async (attempt: number, { delay, random }: Waiting): Promise<void> => {
  await delay(fullJitter({ ...bounds, random })(attempt));
};

/** Makes a call up to five times while its failures are transient. @throws the last failure */
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
