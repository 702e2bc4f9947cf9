import * as z from 'zod/mini';

/** The result of a cleanup or of a part of it. */
export const sweepResultSchema = z.object({
  sessionsRemoved: z.number(),
  /** Queues of removed sessions, and queues that no session had. */
  queuesRemoved: z.number(),
  identitiesRemoved: z.number(),
  /** Whether it finished: nothing was left because time ran out or a call failed. */
  complete: z.boolean(),
});
export type SweepResult = z.output<typeof sweepResultSchema>;

/** Counts what a sweep removes. */
export type Tally = { -readonly [K in keyof SweepResult]: SweepResult[K] };

export const newTally = (): Tally => ({ sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: true });

/** The sum of several sweeps, complete when each of them is. */
export const addUp = (results: readonly SweepResult[]): Tally =>
  results.reduce<Tally>(
    (sum, each) => ({
      sessionsRemoved: sum.sessionsRemoved + each.sessionsRemoved,
      queuesRemoved: sum.queuesRemoved + each.queuesRemoved,
      identitiesRemoved: sum.identitiesRemoved + each.identitiesRemoved,
      complete: sum.complete && each.complete,
    }),
    newTally(),
  );
