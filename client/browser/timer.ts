import type { Environment } from './environment.ts';

/** How often a wait looks at the clock, milliseconds. */
const lookInterval = 5_000;

/**
 * Waiting that can be cut short or prolonged. One wait at a time. The clock is looked at every five seconds, since timers stand
 * still while a machine sleeps, and those of more than 24 days fire at once.
 */
export const createTimer = (environment: Environment) => {
  const { Date } = environment;
  let end = 0;
  let timer: unknown;
  let finish: (value?: undefined) => void = () => undefined;

  const look = (): void => {
    const left = end - Date.now();
    if (left > 0) timer = environment.setTimeout(look, Math.min(left, lookInterval));
    else finish();
  };
  /** Sets the end of the wait: so many milliseconds from now. */
  const prolong = (milliseconds: number): void => {
    end = Date.now() + milliseconds;
  };

  return {
    prolong,
    /** Resolves with undefined after so many milliseconds, or when `wake` is called. */
    wait: (milliseconds: number): Promise<undefined> =>
      new Promise((resolve) => {
        finish = resolve;
        prolong(milliseconds);
        look();
      }),
    wake: (): void => {
      environment.clearTimeout(timer);
      finish();
    },
  };
};

/** Resolves like the promise, or with undefined after so many milliseconds. Leaves no timer behind. */
export const within = async <T>(environment: Environment, milliseconds: number, promise: Promise<T> | undefined) => {
  const { wait, wake } = createTimer(environment);
  try {
    return await Promise.race([promise, wait(milliseconds)]);
  } finally {
    wake();
  }
};
