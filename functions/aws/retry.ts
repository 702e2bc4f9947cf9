import { Throttled, UpstreamUnavailable } from './failures.ts';

/** Waits before another attempt; `attempt` counts the failed ones, from 1. */
export type Pause = (attempt: number) => Promise<void>;

/** Full jitter: somewhere between nothing and 200 ms, doubled with every attempt. */
export const backOff: Pause = (attempt) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * 2 ** (attempt - 1)));

/** How often a call is made in all. */
export const maxAttempts = 5;

/** Makes a call again while it fails for a reason that passes. @throws the last failure, when it was made five times */
export const retry = async <T>(call: () => Promise<T>, pause: Pause): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const passing = error instanceof Throttled || error instanceof UpstreamUnavailable;
      if (!passing || attempt === maxAttempts) throw error;
    }
    await pause(attempt);
  }
};
