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
 * Runs every schedule at its rate on the clock until it is stopped, the first time one interval from now: a start stands for a stack whose
 * schedules have just run. AWS runs a new schedule at once. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * When the clock is moved over several runs, the machine is started once.
 * @returns how to stop all of them.
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
    for (const cancel of pending.values()) cancel();
  };
};
