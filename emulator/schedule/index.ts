import type { Clock } from '../clock.ts';
import type { ScheduleDefinition } from './schedule-definition.ts';

export interface SchedulesOptions {
  readonly definitions: readonly ScheduleDefinition[];
  readonly clock: Clock;
  /** Starts the machine with the permissions of the schedule's role; rejects when that is refused. */
  readonly start: (definition: ScheduleDefinition) => Promise<unknown>;
  readonly onProblem: (problem: Error) => void;
}

/**
 * Runs every schedule at its rate on the clock, the first time one interval from now, until it is called off. When the
 * clock is moved over several runs, one is made up for: what is run late is run once.
 * @returns how to call all of it off.
 */
export const runSchedules = ({ definitions, clock, start, onProblem }: SchedulesOptions): (() => void) => {
  const pending = new Map<ScheduleDefinition, () => void>();
  const wait = (definition: ScheduleDefinition): void => {
    const next = clock.now() + definition.everyMilliseconds;
    const run = (): void => {
      wait(definition);
      start(definition).catch((error: unknown) => {
        onProblem(new Error(`${definition.logicalId} could not start its machine: ${String(error)}`, { cause: error }));
      });
    };
    pending.set(definition, clock.at(next, run));
  };
  definitions.forEach(wait);
  return () => {
    for (const callOff of pending.values()) callOff();
  };
};
