import type { Clock } from '../clock.ts';
import type { Service } from '../service.ts';
import type { LoadedTemplate } from '../template/index.ts';
import { describeStackResources } from './describe-stack-resources.ts';
import { describeStacks } from './describe-stacks.ts';
import { listStackResources } from './list-stack-resources.ts';
import type { Stack } from './stack.ts';

export interface CloudFormationOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly template: LoadedTemplate;
  /** The stack's outputs, as DescribeStacks answers them. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** AWS CloudFormation, to read: one stack, which is complete. */
export const createCloudFormation = (options: CloudFormationOptions): Service => {
  const { clock, accountId, region, stackName } = options;
  const stack: Stack = {
    ...options,
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    created: new Date(clock.now()),
  };
  return {
    name: 'cloudformation',
    actions: {
      DescribeStacks: describeStacks(stack),
      DescribeStackResources: describeStackResources(stack),
      ListStackResources: listStackResources(stack),
    },
  };
};
