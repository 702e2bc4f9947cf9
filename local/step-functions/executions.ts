import type { ExecutionResult } from './machine.ts';
import type { EventLog } from './run.ts';

/** An execution that has ended. */
export interface ExecutionRecord extends ExecutionResult {
  readonly executionArn: string;
  /** The machine's name. */
  readonly machine: string;
  readonly input: unknown;
  /** What happened, in order, with the states' inputs and outputs. */
  readonly events: readonly EventLog[];
}

/** Tells listeners of executions that have ended. Events are kept only while somebody listens. */
export class Executions {
  readonly #listeners = new Set<(record: ExecutionRecord) => void>();

  /** Calls `listener` at the end of every execution that starts from now on; returns how to end that. */
  on(listener: (record: ExecutionRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isAnybodyListening(): boolean {
    return this.#listeners.size > 0;
  }

  announce(record: ExecutionRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}
