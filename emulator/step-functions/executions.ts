import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { EpochMilliseconds } from '../clock.ts';
import type { Listeners } from '../listeners.ts';
import type { Json } from './json.ts';

/** How an execution ended. */
export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly started: EpochMilliseconds;
  readonly stopped: EpochMilliseconds;
  /** Bytes of the largest input or output of a state. */
  readonly largestPayload: number;
}

/** An execution that has ended. */
export interface ExecutionRecord extends ExecutionResult {
  readonly executionArn: string;
  /** The machine's name. */
  readonly machine: string;
  readonly input: unknown;
  /** Its history, as GetExecutionHistory answers it; kept while there is a listener. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
  readonly events: readonly HistoryEvent[];
}

/** Calls listeners with each execution that has ended. */
export type Executions = Listeners<ExecutionRecord>;
