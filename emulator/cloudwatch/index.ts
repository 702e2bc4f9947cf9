import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import type { Service } from '../service.ts';
import type { Resource } from '../template/index.ts';
import { describeAlarms } from './actions/describe-alarms.ts';
import { getMetricData } from './actions/get-metric-data.ts';
import { listMetrics } from './actions/list-metrics.ts';
import { Alarm } from './alarm.ts';
import type { MetricId } from './metric-store.ts';
import { MetricStore } from './metric-store.ts';
import type { CloudWatchState } from './state.ts';

export interface CloudWatchOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** The template's resources of type AWS::CloudWatch::Alarm. */
  readonly alarms: readonly Resource[];
  /** The current value of a metric that is measured when it is read; undefined for a metric that services write. */
  readonly measure?: (metric: MetricId) => number | undefined;
  /** Where metrics are kept. Default: nowhere. */
  readonly state?: State;
}

/** Amazon CloudWatch, to read; other services add to `store`. */
export interface CloudWatch extends Service {
  /** The name in its endpoint and in signatures; its permissions begin with `cloudwatch:`. */
  readonly name: 'monitoring';
  readonly store: MetricStore;
}

/** @throws TemplateError for an alarm that is not supported */
export const createCloudWatch = (options: CloudWatchOptions): CloudWatch => {
  const { clock, accountId, region, alarms, measure } = options;
  const store = new MetricStore(clock, options.state);
  const state: CloudWatchState = {
    store,
    alarms: alarms.map((resource) => new Alarm(resource, store, clock)),
    accountId,
    region,
    measure: (metrics) => {
      for (const metric of metrics) {
        const value = measure?.(metric);
        if (value !== undefined) store.add(metric, value);
      }
    },
  };
  return {
    name: 'monitoring',
    actions: {
      DescribeAlarms: describeAlarms(state),
      GetMetricData: getMetricData(state),
      ListMetrics: listMetrics(state),
    },
    store,
  };
};
