import type { Action } from '../service.ts';
import type { Stack } from './stack.ts';
import { checkStack, stackPermission } from './stack.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks = (stack: Stack): Action => ({
  permissions: stackPermission(stack, 'DescribeStacks'),
  run: ({ StackName: name }) => {
    if (name !== undefined) checkStack(stack, name);
    return {
      Stacks: [
        {
          StackId: stack.id,
          StackName: stack.stackName,
          CreationTime: stack.created,
          DisableRollback: false,
          StackStatus: 'CREATE_COMPLETE',
          EnableTerminationProtection: false,
          Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    };
  },
});
