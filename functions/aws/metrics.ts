import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricsNamespace } from './metric-names.ts';

export type CountName = Exclude<keyof typeof metricNames, 'deliveryLatency' | 'pairsFree'>;

export interface Measures {
  /** Adds to a count; nothing is written for zero. */
  count(name: CountName, number: number): void;
  deliveryLatency(milliseconds: number): void;
  pairsFree(number: number): void;
  /** Writes what has been measured; to be called once at the end of an invocation. */
  publish(): void;
}

/** Measures written to the log in CloudWatch's embedded metric format; POWERTOOLS_SERVICE_NAME is their dimension. */
export const createMeasures = (): Measures => {
  const metrics = new Metrics({ namespace: metricsNamespace });
  return {
    count: (name, number) => {
      if (number > 0) metrics.addMetric(metricNames[name], MetricUnit.Count, number);
    },
    deliveryLatency: (milliseconds) => {
      metrics.addMetric(metricNames.deliveryLatency, MetricUnit.Milliseconds, Math.max(0, milliseconds));
    },
    pairsFree: (number) => {
      metrics.addMetric(metricNames.pairsFree, MetricUnit.Count, number);
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
};
