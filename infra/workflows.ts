import { Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environmentNames } from '../functions/aws/environment.ts';
import type { CommonProps } from './common.ts';
import type { Configuration } from './settings.ts';
import { pascalCase, TaskFunction } from './task-function.ts';
import { environmentOf, taskGroups, type Resources, type TaskDefinition, type TaskGroup, type TaskName } from './tasks.ts'; // prettier-ignore
import { Workflow } from './workflow.ts';

/** All machines, `statemachines/<name>.asl.json`, by the construct that contains them. */
const machineGroups = {
  SessionWorkflows: ['create-session', 'renew-session', 'session-status', 'list-sessions', 'destroy-session'],
  CleanupWorkflow: ['cleanup'],
  PoolWorkflow: ['fill-pool'],
  DispatchWorkflow: ['dispatch'],
} as const satisfies Readonly<Record<TaskGroup, readonly string[]>>;

export type MachineName = (typeof machineGroups)[TaskGroup][number];

export const machineNames: readonly MachineName[] = Object.values(machineGroups).flat();

export interface WorkflowsProps extends CommonProps {
  readonly resources: Omit<Resources, 'dispatchMachineArn'>;
  /** The folder with the functions' bundles. */
  readonly functions: string;
  /** Whether there is a stream, and so a router. */
  readonly hasStream: boolean;
}

/** All tasks and machines: of sessions, of the cleanup and of dispatch. */
export class Workflows {
  readonly #tasks = new Map<string, TaskFunction>();
  readonly #machines = new Map<string, Workflow>();

  constructor(scope: Construct, props: WorkflowsProps) {
    const { configuration } = props.resources;
    const resources: Resources = {
      ...props.resources,
      dispatchMachineArn: Lazy.string({ produce: () => this.machine('dispatch').machine.stateMachineArn }),
    };
    const pool: readonly TaskGroup[] = resources.pairs ? ['PoolWorkflow'] : [];
    for (const id of ['SessionWorkflows', 'CleanupWorkflow', ...pool, 'DispatchWorkflow'] as const) {
      const group = new Construct(scope, id);
      for (const [name, definition] of Object.entries<TaskDefinition>(taskGroups[id])) {
        if (name === 'router' && !props.hasStream) continue;
        const isReservable = id === 'SessionWorkflows' || definition.reservable;
        const task = makeTask(group, name, { ...props, definition, resources, isReservable });
        this.#tasks.set(pascalCase(name), task);
      }
      for (const name of machineGroups[id]) {
        const logging = loggingOf(name, configuration);
        this.#machines.set(name, new Workflow(group, name, { ...props, ...logging, tasks: this.#tasks }));
      }
    }
    this.machine('dispatch').letStartItself(found(this.#tasks, 'ContinueDispatch'));
  }

  machine(name: MachineName): Workflow {
    return found(this.#machines, name);
  }

  task(name: TaskName): TaskFunction {
    return found(this.#tasks, pascalCase(name));
  }

  /** Fills the pool; undefined where there is none. */
  get fillPool(): Workflow | undefined {
    return this.#machines.get('fill-pool');
  }

  /** Turns records of the stream into messages and has them dispatched; undefined without a stream. */
  get router(): TaskFunction | undefined {
    return this.#tasks.get('Router');
  }

  get sendDeadLetters(): TaskFunction {
    return found(this.#tasks, 'SendDeadLetters');
  }
}

const found = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const value = map.get(name);
  if (value === undefined) throw new Error(`There is no ${name}`);
  return value;
};

interface TaskParts extends CommonProps {
  readonly definition: TaskDefinition;
  readonly functions: string;
  readonly resources: Resources;
  readonly isReservable: boolean | undefined;
}

const makeTask = (group: Construct, name: string, parts: TaskParts): TaskFunction => {
  const { definition, resources, isReservable, ...props } = parts;
  const { description, timeoutSeconds, memory, environment = [], grant } = definition;
  const values = environmentOf(resources);
  const task = new TaskFunction(group, name, {
    ...props,
    description,
    environment: Object.fromEntries(environment.map((key) => [environmentNames[key], values[key]])),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(memory !== undefined && { memory }),
    ...(isReservable && { reservedConcurrency: resources.configuration.sessionConcurrency }),
  });
  grant?.(task, resources);
  return task;
};

/**
 * By default, dispatch and the filling of the pool log failures: they run for every batch of messages and every minute, and a log of every
 * step would cost more than the steps.
 */
const loggingOf = (
  name: MachineName,
  { logRuns, logDispatchData }: Configuration,
): { logged: 'everything' | 'failures'; logData: boolean } => {
  const isDispatch = name === 'dispatch';
  const logData = isDispatch && logDispatchData;
  const isFrequent = isDispatch || name === 'fill-pool';
  const isLogged = logRuns === 'all' || (logRuns === 'sessions' && !isFrequent) || logData;
  return { logged: isLogged ? 'everything' : 'failures', logData };
};
