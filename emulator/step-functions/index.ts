import { Listeners } from '../listeners.ts';
import type { Service } from '../service.ts';
import { forResource, TemplateError } from '../template/template-error.ts';
import { describeStateMachine } from './describe-state-machine.ts';
import type { ExecutionRecord, Executions } from './executions.ts';
import { listStateMachines } from './list-state-machines.ts';
import { Machine } from './machine.ts';
import type { MachineOptions } from './machine.ts';
import type { MachineDefinition } from './machine-definition.ts';
import { startExecution } from './start-execution.ts';
import { startSyncExecution } from './start-sync-execution.ts';

export interface StepFunctionsOptions extends Omit<MachineOptions, 'executions'> {
  readonly definitions: readonly MachineDefinition[];
  /** The ARNs of the template's functions. */
  readonly functionArns: ReadonlySet<string>;
}

export interface StepFunctions extends Service {
  readonly executions: Executions;
  /** Ends all executions. */
  stop(): void;
}

/** @throws TemplateError naming the machine, the state and what is not supported in it, or a task whose function does not exist */
export const createStepFunctions = ({ definitions, functionArns, ...options }: StepFunctionsOptions): StepFunctions => {
  const executions: Executions = new Listeners<ExecutionRecord>();
  const all = definitions.map((definition) =>
    forResource(definition.logicalId, () => new Machine(definition, { ...options, executions })),
  );
  for (const { definition, tasks } of all) {
    for (const [task, arn] of tasks) {
      if (!functionArns.has(arn))
        throw new TemplateError(`${definition.logicalId}: State "${task}": there is no function ${arn}`);
    }
  }
  const machines = { all, created: options.clock.now() };
  return {
    name: 'states',
    actions: {
      StartSyncExecution: startSyncExecution(machines),
      StartExecution: startExecution(machines),
      ListStateMachines: listStateMachines(machines),
      DescribeStateMachine: describeStateMachine(machines),
    },
    executions,
    stop: () => {
      for (const machine of all) machine.stop();
    },
  };
};
