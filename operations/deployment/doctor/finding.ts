import type { Deployment } from '../deployment.ts';
import type { DoctorClients } from './clients.ts';

/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it; undefined where there is nothing to do. */
  readonly remedy?: string;
}

/** The load that is expected. */
export interface ExpectedLoad {
  readonly loginsPerSecond?: number | undefined;
  readonly eventsPerSecond?: number | undefined;
}

/** What a check gets. */
export interface Examination {
  readonly deployment: Deployment;
  readonly clients: DoctorClients;
  readonly load: ExpectedLoad;
}

export type Check = (examination: Examination) => Promise<Finding | readonly Finding[]>;

export const ok = (check: string, what: string): Finding => ({ check, result: 'ok', what });

export const warning = (check: string, what: string, remedy: string): Finding => ({
  ...{ check, result: 'warning', what, remedy },
});

export const problem = (check: string, what: string, remedy: string): Finding => ({
  ...{ check, result: 'problem', what, remedy },
});

/** The remedy for a change that somebody made by hand. */
export const redeploy =
  'Somebody changed it by hand: deploy the stack again, and see aws cloudformation detect-stack-drift.';
