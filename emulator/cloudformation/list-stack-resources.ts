import type { Action } from '../service.ts';
import type { Stack } from './stack.ts';
import { checkStack, stackPermission } from './stack.ts';

/** Resources in one answer. */
const pageSize = 100;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const listStackResources = (stack: Stack): Action => ({
  permissions: stackPermission(stack, 'ListStackResources'),
  run: ({ StackName: name, NextToken: token }) => {
    checkStack(stack, name);
    const start = Number(token ?? 0);
    const all = [...stack.template.resources.values()];
    return {
      StackResourceSummaries: all.slice(start, start + pageSize).map((resource) => ({
        LogicalResourceId: resource.logicalId,
        PhysicalResourceId: resource.ref,
        ResourceType: resource.type,
        LastUpdatedTimestamp: stack.created,
        ResourceStatus: 'CREATE_COMPLETE',
      })),
      ...(start + pageSize < all.length && { NextToken: String(start + pageSize) }),
    };
  },
});
