import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { parseJson } from '../json.ts';
import type { Deployment } from './deployment.ts';

export interface Machine {
  readonly arn: string;
  readonly name: string;
  /** The name without the stack's: `create-session`. */
  readonly shortName: string;
  /** Where its executions are logged; undefined when they are not. */
  readonly logGroup: string | undefined;
}

/** The stack's state machines. */
export const listMachines = (deployment: Deployment): readonly Machine[] => {
  const groups = deployment.ofType('AWS::Logs::LogGroup');
  const prefix = `${deployment.stack.name}-`;
  return deployment.ofType('AWS::StepFunctions::StateMachine').map((arn) => {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return {
      arn,
      name,
      shortName: name.startsWith(prefix) ? name.slice(prefix.length) : name,
      logGroup: groups.find((group) => group.endsWith(`/states/${name}`)),
    };
  });
};

/** The machine's definition in the Amazon States Language. */
export const readDefinition = async ({ clients }: Deployment, stateMachineArn: string): Promise<unknown> => {
  const { definition = '{}' } = await clients.stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return parseJson(definition);
};
