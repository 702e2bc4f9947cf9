import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { Reasons, State } from './types.ts';

export interface NapOwner {
  readonly environment: Environment;
  readonly retry: RetryPolicy;
  setState(state: State): void;
}

export type Nap = ReturnType<typeof createNap>;

/** Waiting that can be cut short. One sleeper at a time. */
export const createNap = (owner: NapOwner) => {
  const { environment } = owner;
  let timer: unknown;
  let end = (): void => undefined;

  /** Resolves after so many milliseconds, or when `wake` is called. */
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      end = resolve;
      timer = environment.setTimeout(resolve, milliseconds);
    });

  return {
    sleep,
    wake: (): void => {
      environment.clearTimeout(timer);
      end();
    },
    /** Waits until it is time to try again, and says so. */
    waitAfter: (reason: Reasons['waiting'], error: unknown, attempt: number): Promise<void> => {
      const delay = owner.retry(attempt);
      owner.setState({
        status: 'waiting',
        reason,
        detail: String(error),
        attempt,
        until: environment.Date.now() + delay,
      });
      return sleep(delay);
    },
  };
};
