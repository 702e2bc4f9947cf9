import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Grant, Policy, PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { makeLog, type CommonProps } from './common.ts';
import { folders } from './files.ts';
import { pascalCase, type TaskFunction } from './task-function.ts';

export interface WorkflowProps extends CommonProps {
  /** All functions by the placeholder that stands for them in a definition: `MakeQueue`. */
  readonly tasks: ReadonlyMap<string, TaskFunction>;
  /** Whether every step is logged, or only failures. Default every step. */
  readonly logged?: 'everything' | 'failures';
  /** Whether the log has inputs and outputs as well; never for a machine that handles keys. Default no. */
  readonly logData?: boolean;
}

/** An Express machine from `statemachines/<name>.asl.json`, logged. */
export class Workflow extends Construct {
  readonly machine: StateMachine;

  /** @throws Error when the definition has a placeholder that is no function. */
  constructor(scope: Construct, name: string, props: WorkflowProps) {
    super(scope, `${pascalCase(name)}Workflow`);
    const { names } = props;
    const definition = readFileSync(join(folders.machines, `${name}.asl.json`), 'utf8');
    const functions = tasksOf(name, definition, props.tasks);
    const stateMachineName = names.physical(name);
    this.machine = new StateMachine(this, 'Machine', {
      ...(stateMachineName !== undefined && { stateMachineName }),
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(JSON.stringify(JSON.parse(definition))),
      definitionSubstitutions: Object.fromEntries(functions.map((task) => [task.node.id, task.function.functionArn])),
      tracingEnabled: props.isTraced,
      logs: {
        // Under /aws/vendedlogs the policy that lets Step Functions write logs does not grow with every machine:
        // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
        destination: makeLog(this, props, `/aws/vendedlogs/states/${names.unique(name)}`),
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

  /** Lets a function of this machine start it. The policy is separate: the machine depends on the function, and the function on its role. */
  letStartItself(task: TaskFunction): void {
    new Policy(this, `StartedBy${task.node.id}`, {
      roles: [task.role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.machine.stateMachineArn] }),
      ],
    });
  }
}

/** The functions that a definition names, each once, in their order there. */
const tasksOf = (name: string, definition: string, tasks: ReadonlyMap<string, TaskFunction>): TaskFunction[] => {
  const placeholders = new Set(Array.from(definition.matchAll(/\$\{(\w+)\}/g), ([, placeholder = '']) => placeholder));
  return Array.from(placeholders, (placeholder) => {
    const task = tasks.get(placeholder);
    if (!task) throw new Error(`${name}.asl.json has the placeholder ${placeholder}, which is no task of tasks.ts`);
    return task;
  });
};
