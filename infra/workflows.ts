import { Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environmentNames } from '../functions/aws/environment.ts';
import type { FunctionBundles } from './function-bundles.ts';
import { pascalCase, TaskFunction } from './task-function.ts';
import { environmentOf, taskGroups, type Resources, type TaskDefinition, type TaskGroup } from './tasks.ts';
import { machineArn, Workflow } from './workflow.ts';

/** Every machine there is, `statemachines/<name>.asl.json`, by the construct that holds it. */
const machineGroups = {
  SessionWorkflows: ['create-session', 'renew-session', 'session-status', 'list-sessions', 'destroy-session'],
  CleanupWorkflow: ['cleanup'],
  DispatchWorkflow: ['dispatch'],
} as const satisfies Readonly<Record<TaskGroup, readonly string[]>>;

export type MachineName = (typeof machineGroups)[TaskGroup][number];

export const machineNames: readonly MachineName[] = Object.values(machineGroups).flat();

export interface WorkflowsProps extends Omit<Resources, 'dispatchMachineArn' | 'dispatchMachineArnByName'> {
  readonly bundles: FunctionBundles;
}

/** All tasks and machines: of sessions, of the cleanup and of dispatch. */
export class Workflows {
  readonly #tasks = new Map<string, TaskFunction>();
  readonly #machines = new Map<string, Workflow>();

  constructor(scope: Construct, { bundles, ...props }: WorkflowsProps) {
    const resources: Resources = {
      ...props,
      dispatchMachineArn: Lazy.string({ produce: () => this.machine('dispatch').machine.stateMachineArn }),
      dispatchMachineArnByName: machineArn(scope, 'dispatch'),
    };
    const groups: readonly TaskGroup[] = ['SessionWorkflows', 'CleanupWorkflow', 'DispatchWorkflow'];
    for (const id of groups) {
      const group = new Construct(scope, id);
      for (const [name, definition] of Object.entries<TaskDefinition>(taskGroups[id])) {
        const task = makeTask(group, name, {
          definition: id === 'SessionWorkflows' ? { reservable: true, ...definition } : definition,
          bundles,
          resources,
        });
        this.#tasks.set(pascalCase(name), task);
      }
      for (const name of machineGroups[id]) {
        const logging = loggingOf(name, props.configuration.logDispatchData);
        this.#machines.set(name, new Workflow(group, name, { ...logging, tasks: this.#tasks }));
      }
    }
  }

  machine(name: MachineName): Workflow {
    return found(this.#machines, name);
  }

  /** Turns records of the stream into messages and has them dispatched. */
  get router(): TaskFunction {
    return found(this.#tasks, 'Router');
  }
}

const found = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const value = map.get(name);
  if (value === undefined) throw new Error(`There is no ${name}`);
  return value;
};

interface TaskParts {
  readonly definition: TaskDefinition;
  readonly bundles: FunctionBundles;
  readonly resources: Resources;
}

const makeTask = (group: Construct, name: string, { definition, bundles, resources }: TaskParts): TaskFunction => {
  const { description, timeoutSeconds, memory, reservable = false, environment = [], grant } = definition;
  const values = environmentOf(resources);
  const task = new TaskFunction(group, name, {
    description,
    bundle: bundles[name] ?? '',
    environment: Object.fromEntries(environment.map((key) => [environmentNames[key], values[key]])),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(memory !== undefined && { memory }),
    ...(reservable && { reservedConcurrency: resources.configuration.sessionConcurrency }),
  });
  grant?.(task, resources);
  return task;
};

/** Dispatch runs for every batch of messages: a log of every step would cost more than the steps. */
const loggingOf = (name: MachineName, logData: boolean): { logged: 'everything' | 'failures'; logData: boolean } =>
  name === 'dispatch'
    ? { logged: logData ? 'everything' : 'failures', logData }
    : { logged: 'everything', logData: false };
