import { ExecutionError, ExecutionTimeoutError, StateMachine } from 'aws-local-stepfunctions';
import { randomUUID } from 'node:crypto';
import type { Clock, EpochMilliseconds } from '../clock.ts';
import { rewordDefinition, statesOf } from './definition.ts';
import type { Json, JsonObject } from './definition.ts';
import type { Executions } from './executions.ts';
import type { MachineDefinition } from './machine-definition.ts';
import { quotas } from './quotas.ts';
import { Run } from './run.ts';
import type { JsonValue, Library, TaskHandler } from './run.ts';

export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly started: EpochMilliseconds;
  readonly stopped: EpochMilliseconds;
  /** Bytes of the largest input or output of a state. */
  readonly largestPayload: number;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly started: EpochMilliseconds;
  readonly ended: Promise<ExecutionResult>;
}

export interface MachineOptions {
  readonly clock: Clock;
  readonly executions: Executions;
  /**
   * Runs a task's function on JSON text, answers JSON text. @throws Error whose name is the error's and whose message is
   * the cause.
   */
  readonly invoke: (machine: MachineDefinition, functionArn: string, input: string) => Promise<string>;
  /** Retries wait for nothing. */
  readonly instantRetries: boolean;
}

/** A state machine of the template, built once, that runs any number of executions. */
export class Machine {
  readonly definition: MachineDefinition;
  readonly #options: MachineOptions;
  readonly #machine: StateMachine;
  readonly #tasks: ReadonlyMap<string, string>;
  readonly #retryIntervals: Readonly<Record<string, number>>;
  readonly #running = new Set<Library>();

  /** @throws DefinitionError naming the state and what is not supported in it. */
  constructor(definition: MachineDefinition, options: MachineOptions) {
    this.definition = definition;
    this.#options = options;
    const reworded: JsonObject = {
      TimeoutSeconds: quotas.executionSeconds,
      ...rewordDefinition(definition.name, JSON.parse(definition.text) as Json),
    };
    const states = [...statesOf(reworded)];
    this.#tasks = new Map(
      states.flatMap(([name, { Resource: arn }]) => (typeof arn === 'string' ? [[name, arn]] : [])),
    );
    this.#machine = new StateMachine(reworded as unknown as ConstructorParameters<typeof StateMachine>[0], {
      validationOptions: { noValidate: true },
    });
    this.#retryIntervals = Object.fromEntries(options.instantRetries ? states.map(([name]) => [name, 0]) : []);
  }

  /** The ARNs of the functions that the tasks run, by the task's name. */
  get tasks(): ReadonlyMap<string, string> {
    return this.#tasks;
  }

  /** Starts an execution; what it comes to is in `ended`, which never rejects. */
  start(input: unknown, name: string = randomUUID()): Execution {
    const { clock, executions } = this.#options;
    const started = clock.now();
    const arn = `${this.definition.arn.replace(':stateMachine:', ':express:')}:${name}:${randomUUID()}`;
    const run = new Run(!executions.isEmpty);
    const library = this.#machine.run(input as JsonValue, {
      overrides: { taskResourceLocalHandlers: this.#handlers(run), retryIntervalOverrides: this.#retryIntervals },
      context: this.#context({ arn, name, started, input }),
    });
    this.#running.add(library);
    const ended = this.#finish(run, library).then((outcome) => {
      const result = { ...outcome, started, stopped: clock.now(), largestPayload: run.payloads.largest };
      executions.tell({ ...result, executionArn: arn, machine: this.definition.name, input, events: run.events });
      return result;
    });
    return { arn, name, started, ended };
  }

  /** Breaks off all executions. */
  stop(): void {
    for (const library of this.#running) library.abort();
  }

  async #finish(run: Run, library: Library): Promise<Pick<ExecutionResult, 'status' | 'output' | 'error' | 'cause'>> {
    const watching = run.watch(library);
    try {
      const output: unknown = await library.result;
      await watching;
      if (run.broken) throw run.broken;
      return { status: 'SUCCEEDED', output };
    } catch (thrown) {
      return describeFailure(run.broken ?? thrown);
    } finally {
      run.end();
      this.#running.delete(library);
      await watching;
    }
  }

  #handlers(run: Run): Record<string, TaskHandler> {
    const { invoke } = this.#options;
    const handlers = [...this.#tasks].map(([name, functionArn]): [string, TaskHandler] => [
      name,
      run.handler(name, (input) => invoke(this.definition, functionArn, input)),
    ]);
    return Object.fromEntries(handlers);
  }

  /** The context object, where the reworded paths look for it. */
  #context({ arn, name, started, input }: { arn: string; name: string; started: EpochMilliseconds; input: unknown }) {
    const execution = {
      Id: arn,
      Name: name,
      StartTime: new Date(started).toISOString(),
      RoleArn: this.definition.roleArn,
    };
    const machine = { Id: this.definition.arn, Name: this.definition.name };
    return { Run: { Execution: { ...execution, Input: input }, StateMachine: machine } };
  }
}

const describeFailure = (thrown: unknown): Pick<ExecutionResult, 'status' | 'error' | 'cause'> => {
  if (thrown instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const failure = thrown instanceof ExecutionError ? thrown.cause : thrown;
  return failure instanceof Error
    ? { status: 'FAILED', error: failure.name, cause: failure.message }
    : { status: 'FAILED', error: 'States.Runtime', cause: String(failure) };
};
