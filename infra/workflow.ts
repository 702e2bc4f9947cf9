import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { pascalCase } from './function-names.ts';
import type { TaskFunction } from './task-function.ts';

const definitions = join(import.meta.dirname, '..', 'statemachines');

export interface WorkflowProps {
  /** The functions the definition names, `${MakeQueue}` being the one whose construct is MakeQueue. */
  readonly functions: readonly TaskFunction[];
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

  /** @throws Error when the definition's placeholders are not exactly the functions given. */
  constructor(scope: Construct, name: string, props: WorkflowProps) {
    super(scope, `${pascalCase(name)}Workflow`);
    const definition = readFileSync(join(definitions, `${name}.asl.json`), 'utf8');
    const substitutions = Object.fromEntries(props.functions.map((task) => [task.node.id, task.function.functionArn]));
    checkPlaceholders(name, definition, Object.keys(substitutions));
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(this, name),
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(JSON.stringify(JSON.parse(definition))),
      definitionSubstitutions: substitutions,
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
    for (const task of props.functions) task.grantInvoke(this.machine);
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

const checkPlaceholders = (name: string, definition: string, given: readonly string[]): void => {
  const used = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  const wrong = [...given.filter((id) => !used.has(id)), ...[...used].filter((id) => !given.includes(id))];
  if (wrong.length > 0) {
    throw new Error(`${name}.asl.json and the functions given to it differ in ${wrong.join(', ')}`);
  }
};
