import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { parseJson } from '../json.ts';
import type { Deployment } from './deployment.ts';

export interface Machine {
  readonly arn: string;
  readonly name: string;
  /** As its file is called: `create-session`. */
  readonly shortName: string;
  /** The log group of its executions; undefined when they are not logged. */
  readonly logGroup: string | undefined;
}

/** The service's state machines. */
export const listMachines = ({ service }: Deployment): readonly Machine[] =>
  service.machines.map(({ name: shortName, physicalId: arn, logGroup }) => ({
    ...{ arn, shortName, logGroup },
    name: arn.slice(arn.lastIndexOf(':') + 1),
  }));

/** The machine's definition in the Amazon States Language. */
export const readDefinition = async ({ clients }: Deployment, stateMachineArn: string): Promise<unknown> => {
  const { definition = '{}' } = await clients.stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return parseJson(definition);
};
