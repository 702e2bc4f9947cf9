import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import type { Service } from '../service.ts';
import { describeLogGroups } from './actions/describe-log-groups.ts';
import { describeLogStreams } from './actions/describe-log-streams.ts';
import { filterLogEvents } from './actions/filter-log-events.ts';
import { getLogEvents } from './actions/get-log-events.ts';
import { LogStore } from './log-store.ts';
import type { LogsState } from './parameters.ts';

export interface LogsOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Where events are kept. Default: nowhere. */
  readonly state?: State;
}

/** CloudWatch Logs, to read; other services write by `store`. */
export interface Logs extends Service {
  readonly name: 'logs';
  readonly store: LogStore;
}

export const createLogs = ({ clock, accountId, region, state: kept }: LogsOptions): Logs => {
  const state: LogsState = { store: new LogStore(clock, undefined, kept), accountId, region };
  return {
    name: 'logs',
    actions: {
      DescribeLogGroups: describeLogGroups(state),
      DescribeLogStreams: describeLogStreams(state),
      FilterLogEvents: filterLogEvents(state),
      GetLogEvents: getLogEvents(state),
    },
    store: state.store,
  };
};
