import type { Environment } from './environment.ts';

/** How often a deadline is looked at, milliseconds. */
const lookInterval = 5_000;

/**
 * Calls back once the deadline is over, unless it was moved or stopped. It is looked at every five seconds rather than with
 * one timer: timers stand still while a machine sleeps, and the answer that was awaited before the sleep will not come.
 */
export const createDeadline = (environment: Environment, milliseconds: number, onOver: () => void) => {
  const { Date } = environment;
  let end = Date.now() + milliseconds;
  let timer: unknown;
  const look = (): void => {
    const left = end - Date.now();
    if (left > 0) timer = environment.setTimeout(look, Math.min(left, lookInterval));
    else onOver();
  };
  look();

  return {
    /** Moves the deadline: so many milliseconds from now. */
    move(by: number): void {
      end = Date.now() + by;
    },
    stop(): void {
      environment.clearTimeout(timer);
    },
  };
};
