import { MovableClock, type EpochMilliseconds } from '../clock.ts';
import { Listeners } from '../listeners.ts';
import type { ExecutionRecord } from './executions.ts';
import { parseJson } from './json.ts';
import { Machine } from './machine.ts';

export interface RunStateMachineOptions {
  /** The machine's name. */
  readonly name: string;
  /** The definition in the Amazon States Language, as an object or as its text. */
  readonly definition: object | string;
  /** The execution's input. Default `{}`. */
  readonly input?: unknown;
  /** Runs in place of each task: is given its Resource and its input, resolves with its result. @throws Error with the error's name */
  readonly task: (resource: string, input: unknown) => Promise<unknown>;
  /** Default: a new one, on which neither retries nor Wait states take time. */
  readonly clock?: MovableClock;
}

/** A clock that a wait moves to its end. */
class WaitlessClock extends MovableClock {
  override at(time: EpochMilliseconds, callback: () => void): () => void {
    this.advance(Math.max(0, time - this.now()));
    return super.at(time, callback);
  }
}

/**
 * Runs one execution of a state machine, with Express semantics, without a stack around it: for tests of a definition.
 * @throws DefinitionError naming the state and what is not supported in it
 */
export const runStateMachine = async (options: RunStateMachineOptions): Promise<ExecutionRecord> => {
  const { name, definition, input = {}, task, clock } = options;
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const executions = new Listeners<ExecutionRecord>();
  const recorded = Promise.withResolvers<ExecutionRecord>();
  executions.on(recorded.resolve);
  const machine = new Machine(
    { logicalId: name, name, arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`, roleArn: '', text },
    {
      clock: clock ?? new WaitlessClock(),
      executions,
      instantRetries: clock === undefined,
      invoke: async (_machine, resource, json) => JSON.stringify((await task(resource, parseJson(json))) ?? null),
    },
  );
  machine.start(parseJson(JSON.stringify(input)));
  return recorded.promise;
};
