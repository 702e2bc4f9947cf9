import { Duration } from 'aws-cdk-lib';
import { Metric, Stats, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames, metricsNamespace } from '../functions/aws/metric-names.ts';

/** A metric that the functions write; by default its sum in five minutes. */
export const metricOf = (service: string, name: keyof typeof metricNames, options: MetricOptions = {}): Metric =>
  new Metric({
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    ...options,
    namespace: metricsNamespace,
    metricName: metricNames[name],
    dimensionsMap: { service },
  });
