import {
  DescribeStacksCommand,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import type { Output } from '@aws-sdk/client-cloudformation';
import type { Clients } from './clients.ts';
import { listConstructs } from './constructs.ts';
import { DeploymentError } from './errors.ts';

/** A resource of the stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** What Ref gives for it: a queue's URL, a machine's ARN, a group's name. */
  readonly physicalId: string;
}

/** The stack as CloudFormation describes it. */
export interface Stack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly StackResource[];
}

const readOutputs = (outputs: readonly Output[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));

/** Stacks with a service in them, by their names; none when the credentials may not list stacks. */
const listStacks = async ({ cloudFormation: client }: Clients): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
      const ours = Stacks.filter(({ Outputs }) => listConstructs(readOutputs(Outputs)).length > 0);
      names.push(...ours.flatMap(({ StackName }) => StackName ?? []));
    }
  } catch {
    return [];
  }
  return names;
};

const describe = async (clients: Clients, name: string, location: string) => {
  try {
    const { Stacks: [stack] = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    if (stack) return stack;
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
  }
  const others = await listStacks(clients);
  throw new DeploymentError(
    others.length === 0
      ? `There is no stack ${name} in ${location}: give the name of yours with --stack, and its Region with --region.`
      : `There is no stack ${name} in ${location}. Those with a service are ${others.join(', ')}: name one with --stack.`,
  );
};

/** @param location for the error: a Region or a URL. @throws DeploymentError when there is no such stack */
export const readStack = async (clients: Clients, name: string, location: string): Promise<Stack> => {
  const { StackStatus, Outputs } = await describe(clients, name, location);
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
    outputs: readOutputs(Outputs),
    resources,
  };
};
