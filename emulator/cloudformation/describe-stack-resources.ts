import type { Action } from '../service.ts';
import type { Stack } from './stack.ts';
import { textOf } from '../values.ts';
import { checkStack, stackPermission, validationError } from './stack.ts';

/** Resources in one answer. There is no next page: ListStackResources has all resources. */
const maxResources = 100;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
export const describeStackResources = (stack: Stack): Action => ({
  permissions: stackPermission(stack, 'DescribeStackResources'),
  run: ({ StackName: name, PhysicalResourceId: physicalId, LogicalResourceId: logicalId }) => {
    if ((name === undefined) === (physicalId === undefined)) {
      throw validationError('You must specify either StackName or PhysicalResourceId, but not both');
    }
    if (name !== undefined) checkStack(stack, name);
    const resources = [...stack.template.resources.values()].filter(
      (resource) =>
        (physicalId === undefined || resource.ref === physicalId) &&
        (logicalId === undefined || resource.logicalId === logicalId),
    );
    if (physicalId !== undefined && resources.length === 0) {
      throw validationError(`Stack for ${textOf(physicalId)} does not exist`);
    }
    return {
      StackResources: resources.slice(0, maxResources).map((resource) => ({
        StackName: stack.stackName,
        StackId: stack.id,
        LogicalResourceId: resource.logicalId,
        PhysicalResourceId: resource.ref,
        ResourceType: resource.type,
        Timestamp: stack.created,
        ResourceStatus: 'CREATE_COMPLETE',
      })),
    };
  },
});
