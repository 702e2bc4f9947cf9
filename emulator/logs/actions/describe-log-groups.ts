import type { Action } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { LogsState } from '../parameters.ts';
import { groupArn, limitOf, refuse, text } from '../parameters.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const describeLogGroups = (state: LogsState): Action => ({
  permissions: () => [{ action: 'logs:DescribeLogGroups', resource: groupArn(state, '*') }],
  run: (parameters) => {
    refuse(parameters, 'accountIdentifiers', 'includeLinkedAccounts', 'logGroupIdentifiers');
    const prefix = text(parameters, 'logGroupNamePrefix');
    const pattern = text(parameters, 'logGroupNamePattern');
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const after = text(parameters, 'nextToken') ?? '';
    const limit = limitOf(parameters, 50);
    const rest = state.store.groups.filter(
      ({ name }) => name > after && name.startsWith(prefix ?? '') && name.includes(pattern ?? ''),
    );
    const page = rest.slice(0, limit);
    return {
      logGroups: page.map(({ name, created, retentionDays, storedBytes }) => ({
        logGroupName: name,
        creationTime: created,
        ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
        metricFilterCount: 0,
        arn: `${groupArn(state, name)}:*`,
        logGroupArn: groupArn(state, name),
        logGroupClass: 'STANDARD',
        storedBytes,
      })),
      ...(page.length < rest.length && { nextToken: page.at(-1)?.name }),
    };
  },
});
