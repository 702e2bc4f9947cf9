import type { Listeners } from '../listeners.ts';
import type { ExecutionResult } from './machine.ts';
import type { EventLog } from './run.ts';

/** An execution that has ended. */
export interface ExecutionRecord extends ExecutionResult {
  readonly executionArn: string;
  /** The machine's name. */
  readonly machine: string;
  readonly input: unknown;
  /** What happened, in order, with the states' inputs and outputs; kept while somebody listens. */
  readonly events: readonly EventLog[];
}

/** Tells of executions that have ended. */
export type Executions = Listeners<ExecutionRecord>;
