import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Listeners } from '../listeners.ts';
import type { ExecutionResult } from './machine.ts';

/** An execution that has ended. */
export interface ExecutionRecord extends ExecutionResult {
  readonly executionArn: string;
  /** The machine's name. */
  readonly machine: string;
  readonly input: unknown;
  /** Its history, with the types and details of GetExecutionHistory; kept while somebody listens. */
  readonly events: readonly HistoryEvent[];
}

/** Tells of executions that have ended. */
export type Executions = Listeners<ExecutionRecord>;
