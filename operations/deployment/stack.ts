import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Clients } from './clients.ts';
import { DeploymentError } from './errors.ts';

/** A resource of the stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** What Ref gives for it: a queue's URL, a machine's ARN, a group's name. */
  readonly physicalId: string;
}

/** What CloudFormation says of the stack. */
export interface Stack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly StackResource[];
}

const describe = async ({ cloudFormation }: Clients, name: string, location: string) => {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    if (stack) return stack;
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
  }
  throw new DeploymentError(`There is no stack ${name} in ${location}: give the name of yours with --stack.`);
};

/** @param location for the error: a Region or a URL. @throws DeploymentError when there is no such stack */
export const readStack = async (clients: Clients, name: string, location: string): Promise<Stack> => {
  const { StackStatus, Outputs = [] } = await describe(clients, name, location);
  const resources: StackResource[] = [];
  const pages = paginateListStackResources({ client: clients.cloudFormation }, { StackName: name });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of StackResourceSummaries) {
      resources.push({
        logicalId: LogicalResourceId ?? '',
        type: ResourceType ?? '',
        physicalId: PhysicalResourceId ?? '',
      });
    }
  }
  return {
    name,
    status: StackStatus ?? '',
    outputs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    resources,
  };
};
