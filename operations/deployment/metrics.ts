import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { metricNames, metricsNamespace } from '../../functions/aws/metric-names.ts';
import type { Deployment } from './deployment.ts';

/** What the service counts, by the names in functions/aws/metric-names.ts, and its deliveries' latency. */
export type MetricName = keyof typeof statistics;

/** Values by time, the oldest first. */
export interface MetricSeries {
  /** Epoch milliseconds: when each period begins. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

const statistics = {
  messagesReceived: [metricNames.messagesReceived, 'Sum'],
  messagesRouted: [metricNames.messagesRouted, 'Sum'],
  sessionsTargeted: [metricNames.sessionsTargeted, 'Sum'],
  messagesDelivered: [metricNames.messagesDelivered, 'Sum'],
  messagesDeadLettered: [metricNames.messagesDeadLettered, 'Sum'],
  recordsRejected: [metricNames.recordsRejected, 'Sum'],
  latencyP50: [metricNames.deliveryLatency, 'p50'],
  latencyP99: [metricNames.deliveryLatency, 'p99'],
} as const;

/** Each metric's values in a time range. @param periodSeconds a multiple of 60 */
export const readMetrics = async (
  { clients, service }: Deployment,
  range: { readonly since: number; readonly until: number; readonly periodSeconds: number },
): Promise<Readonly<Record<MetricName, MetricSeries>>> => {
  const queries = Object.entries(statistics).map(([name, [metric, Stat]]): MetricDataQuery => ({
    Id: name,
    MetricStat: {
      Metric: {
        Namespace: metricsNamespace,
        MetricName: metric,
        Dimensions: [{ Name: 'service', Value: service.name }],
      },
      Period: range.periodSeconds,
      Stat,
    },
  }));
  const { MetricDataResults = [] } = await clients.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(range.since),
      EndTime: new Date(range.until),
      MetricDataQueries: queries,
      ScanBy: 'TimestampAscending',
    }),
  );
  const series = (name: string): MetricSeries => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === name) ?? {};
    return { times: Timestamps.map((time) => time.getTime()), values: Values };
  };
  return Object.fromEntries(Object.keys(statistics).map((name) => [name, series(name)])) as Record<
    MetricName,
    MetricSeries
  >;
};
