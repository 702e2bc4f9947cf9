import { randomUUID } from 'node:crypto';
import type { Clock, EpochMilliseconds } from '../clock.ts';
import { Branch, Execution } from './execution.ts';
import type { RecordEvent } from './execution-log.ts';
import type { ExecutionResult, Executions } from './executions.ts';
import { messageOf } from '../values.ts';
import { failureOf } from './failures.ts';
import { DefinitionError, Fields } from './fields.ts';
import type { Json } from './json.ts';
import { parseJson } from './json.ts';
import type { MachineDefinition } from './machine-definition.ts';
import { quotas } from './quotas.ts';
import { compileStates } from './states.ts';
import type { States } from './work.ts';

export interface StartedExecution {
  readonly arn: string;
  readonly name: string;
  readonly started: EpochMilliseconds;
  /** Never rejects. */
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
  /** Retries do not wait. */
  readonly instantRetries: boolean;
  /** Called with the milliseconds that an instant retry would have waited. */
  readonly passTime?: ((milliseconds: number) => void) | undefined;
  /** Called with each event of an execution as it happens. */
  readonly onEvent?: RecordEvent | undefined;
}

/** @throws DefinitionError when the text is not JSON */
const readDefinition = (text: string): Json => {
  try {
    return parseJson(text);
  } catch (error) {
    throw new DefinitionError(`The definition is not JSON: ${messageOf(error)}`, { cause: error });
  }
};

type Outcome = Pick<ExecutionResult, 'status' | 'output' | 'error' | 'cause'>;

/**
 * An Express state machine, compiled once, that runs any number of executions.
 * https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
 * A timeout: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 * Assumed: the form of an execution's ARN, which ends with an id after the name.
 */
export class Machine {
  readonly definition: MachineDefinition;
  readonly #options: MachineOptions;
  readonly #states: States;
  readonly #timeoutSeconds: number;
  readonly #running = new Set<Execution>();

  /** @throws DefinitionError naming the state and what is not supported in it. */
  constructor(definition: MachineDefinition, options: MachineOptions) {
    this.definition = definition;
    this.#options = options;
    const fields = new Fields('The definition', readDefinition(definition.text));
    if ((fields.optionalText('QueryLanguage') ?? 'JSONPath') !== 'JSONPath')
      fields.refuse('only JSONPath is supported');
    fields.get('Version');
    this.#timeoutSeconds = Math.min(fields.number('TimeoutSeconds', quotas.executionSeconds), quotas.executionSeconds);
    this.#states = compileStates(fields);
  }

  /** The ARNs of the functions that the tasks run, by the task's name. */
  get tasks(): ReadonlyMap<string, string> {
    return this.#states.tasks;
  }

  start(input: Json, name: string = randomUUID()): StartedExecution {
    const { clock, executions, invoke, instantRetries, passTime, onEvent } = this.#options;
    const started = clock.now();
    const arn = `${this.definition.arn.replace(':stateMachine:', ':express:')}:${name}:${randomUUID()}`;
    const { roleArn, arn: machineArn, name: machineName } = this.definition;
    const about = { Id: arn, Name: name, StartTime: new Date(started).toISOString(), RoleArn: roleArn, Input: input };
    const execution = new Execution({
      clock,
      ...{ instantRetries, passTime },
      keepsEvents: !executions.isEmpty,
      onEvent:
        onEvent &&
        ((event) => {
          onEvent(machineArn, arn, event);
        }),
      invoke: (resource, text) => invoke(this.definition, resource, text),
      contextObject: { Execution: about, StateMachine: { Id: machineArn, Name: machineName } },
    });
    this.#running.add(execution);
    const ended = this.#run(execution, input).then((outcome) => {
      this.#running.delete(execution);
      const { largestPayload, events } = execution;
      const result = { ...outcome, started, stopped: clock.now(), largestPayload };
      executions.emit({ ...result, executionArn: arn, machine: machineName, input, events });
      return result;
    });
    return { arn, name, started, ended };
  }

  /** Ends all executions. */
  stop(): void {
    for (const execution of this.#running) execution.end();
  }

  async #run(execution: Execution, input: Json): Promise<Outcome> {
    const main = new Branch(execution);
    const timeout = execution.limit(this.#timeoutSeconds * 1000);
    const timedOut = timeout.over.then((): Outcome => ({ status: 'TIMED_OUT', error: 'States.Timeout' }));
    const outcome = await Promise.race([timedOut, this.#follow(main, input)]);
    if (outcome.status === 'TIMED_OUT')
      main.record('ExecutionTimedOut', () => ({ executionTimedOutEventDetails: { error: outcome.error } }));
    main.stop();
    execution.end();
    return outcome;
  }

  async #follow(main: Branch, input: Json): Promise<Outcome> {
    const { execution } = main;
    try {
      const text = execution.textOf('input of the execution', input);
      main.record('ExecutionStarted', () => ({
        executionStartedEventDetails: { input: text, roleArn: this.definition.roleArn },
      }));
      const output = await this.#states.run(input, main);
      const outputText = execution.textOf('output of the execution', output);
      main.record('ExecutionSucceeded', () => ({ executionSucceededEventDetails: { output: outputText } }));
      return { status: 'SUCCEEDED', output };
    } catch (thrown) {
      const { name: error, message: cause } = failureOf(thrown);
      main.record('ExecutionFailed', () => ({ executionFailedEventDetails: { error, cause } }));
      return { status: 'FAILED', error, cause };
    }
  }
}
