import type { Environment } from './environment.ts';

/** Waiting that can be cut short. One wait at a time. */
export const createTimer = (environment: Environment) => {
  let timer: unknown;
  let end = (): void => undefined;

  return {
    /** Resolves with undefined after so many milliseconds, or when `wake` is called. */
    wait: (milliseconds: number): Promise<undefined> =>
      new Promise((resolve) => {
        end = () => {
          resolve(undefined);
        };
        // Longer waits overflow the browser's timers, which then fire at once.
        timer = environment.setTimeout(end, Math.min(milliseconds, 2 ** 31 - 1));
      }),
    wake: (): void => {
      environment.clearTimeout(timer);
      end();
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
