import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { pascalCase, type TaskFunction } from './task-function.ts';

const definitions = join(import.meta.dirname, '..', 'statemachines');

export interface WorkflowProps {
  /** All functions by the placeholder that stands for them in a definition: `MakeQueue`. */
  readonly tasks: ReadonlyMap<string, TaskFunction>;
  /** What is logged: every step, or only what failed. Default every step. */
  readonly logged?: 'everything' | 'failures';
  /** Whether the log has inputs and outputs as well; never for a machine that handles keys. Default no. */
  readonly logData?: boolean;
}

/** The ARN of a machine of this stack, for what the machine itself is made of. */
export const machineArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'states', resource: `stateMachine:${machineName(scope, name)}` });

const machineName = (scope: Construct, name: string): string => `${Stack.of(scope).stackName}-${name}`;

/** An Express machine from `statemachines/<name>.asl.json`, traced and logged. */
export class Workflow extends Construct {
  readonly machine: StateMachine;

  /** @throws Error when the definition has a placeholder that is no function. */
  constructor(scope: Construct, name: string, props: WorkflowProps) {
    super(scope, `${pascalCase(name)}Workflow`);
    const definition = readFileSync(join(definitions, `${name}.asl.json`), 'utf8');
    const functions = tasksOf(name, definition, props.tasks);
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(this, name),
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(JSON.stringify(JSON.parse(definition))),
      definitionSubstitutions: Object.fromEntries(functions.map((task) => [task.node.id, task.function.functionArn])),
      tracingEnabled: true,
      logs: {
        // Under /aws/vendedlogs the log's policy does not grow with every machine.
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${machineName(this, name)}`,
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: props.logged === 'failures' ? LogLevel.ERROR : LogLevel.ALL,
        includeExecutionData: props.logData ?? false,
      },
    });
    for (const task of functions) task.grantInvoke(this.machine);
  }

  /** Lets somebody start the machine and wait for its answer. */
  grantStartSync(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['states:StartSyncExecution'],
      resourceArns: [this.machine.stateMachineArn],
    });
  }
}

/** The functions that a definition names, each once, in the order in which it names them. */
const tasksOf = (name: string, definition: string, tasks: ReadonlyMap<string, TaskFunction>): TaskFunction[] => {
  const placeholders = new Set(Array.from(definition.matchAll(/\$\{(\w+)\}/g), ([, placeholder = '']) => placeholder));
  return Array.from(placeholders, (placeholder) => {
    const task = tasks.get(placeholder);
    if (!task) throw new Error(`${name}.asl.json has the placeholder ${placeholder}, which is no task of tasks.ts`);
    return task;
  });
};
