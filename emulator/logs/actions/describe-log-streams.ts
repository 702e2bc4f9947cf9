import type { Action } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { LogStream } from '../log-group.ts';
import type { LogsState } from '../parameters.ts';
import { findGroup, groupArn, groupPermission, limitOf, text } from '../parameters.ts';

const byName = (a: LogStream, b: LogStream): number => (a.name < b.name ? -1 : 1);

const byTime = (a: LogStream, b: LogStream): number => (a.lastEvent ?? 0) - (b.lastEvent ?? 0) || byName(a, b);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export const describeLogStreams = (state: LogsState): Action => ({
  permissions: groupPermission(state, 'DescribeLogStreams'),
  run: (parameters) => {
    const group = findGroup(state, parameters);
    const prefix = text(parameters, 'logStreamNamePrefix');
    const orderBy = text(parameters, 'orderBy') ?? 'LogStreamName';
    if (orderBy === 'LastEventTime' && prefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const sorted = [...group.streams.values()].sort(orderBy === 'LastEventTime' ? byTime : byName);
    if (parameters['descending'] === true) sorted.reverse();
    const all = sorted.filter(({ name }) => name.startsWith(prefix ?? ''));
    const start = Number(text(parameters, 'nextToken') ?? 0);
    const end = start + limitOf(parameters, 50);
    return {
      logStreams: all.slice(start, end).map(({ name, created, firstEvent, lastEvent }) => ({
        logStreamName: name,
        creationTime: created,
        firstEventTimestamp: firstEvent,
        lastEventTimestamp: lastEvent,
        lastIngestionTime: lastEvent,
        arn: `${groupArn(state, group.name)}:log-stream:${name}`,
        storedBytes: 0,
      })),
      ...(end < all.length && { nextToken: String(end) }),
    };
  },
});
