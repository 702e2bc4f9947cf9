import type { Emit, Handlers } from './handlers.ts';
import type { Session, State } from './types.ts';

/** What stands behind `Events`. */
export interface EventSource {
  readonly state: State;
  readonly isLeading: boolean;
  session(): Session;
  /** There are more or fewer handlers. */
  onHandlers(): void;
  close(): Promise<void>;
}

/** Starts what gives events to the handlers. */
export type StartSource = (handlers: Handlers, emit: Emit) => EventSource;
