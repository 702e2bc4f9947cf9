import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The CloudWatch namespace of every metric below; alarms and the dashboard name it too. */
export const metricsNamespace = 'SqsBrowser';

/**
 * What dispatch counts. Each thing is counted by one function, once, when it is settled: a record that the stream
 * delivers again is counted by the call that finishes it.
 */
export const metricNames = {
  /** Records taken from the stream and notify calls. */
  messagesReceived: 'MessagesReceived',
  /** Messages whose sessions have all been found. */
  messagesRouted: 'MessagesRouted',
  /** Sessions found, once for each dispatch. */
  sessionsTargeted: 'SessionsTargeted',
  /** Messages accepted by SQS, once for each session. */
  messagesDelivered: 'MessagesDelivered',
  /** Sessions whose queue turned out to be deleted. */
  queuesGone: 'QueuesGone',
  /** Messages put in the undelivered queue, once for each session. */
  messagesParked: 'MessagesParked',
  /** Records put in the rejected queue. */
  recordsRejected: 'RecordsRejected',
  /** Milliseconds from the entry of a message to its acceptance by SQS, once for each message delivered. */
  deliveryLatency: 'DeliveryLatency',
} as const;

export type CountName = Exclude<keyof typeof metricNames, 'deliveryLatency'>;

export interface Measures {
  /** Adds to a count; nothing is written for zero. */
  count(name: CountName, number: number): void;
  deliveryLatency(milliseconds: number): void;
  /** Writes what has been measured; to be called once at the end of an invocation. */
  publish(): void;
}

/** Measures written to the log in CloudWatch's embedded metric format; POWERTOOLS_SERVICE_NAME is their dimension. */
export function createMeasures(): Measures {
  const metrics = new Metrics({ namespace: metricsNamespace });
  return {
    count: (name, number) => {
      if (number > 0) metrics.addMetric(metricNames[name], MetricUnit.Count, number);
    },
    deliveryLatency: (milliseconds) => {
      metrics.addMetric(metricNames.deliveryLatency, MetricUnit.Milliseconds, Math.max(0, milliseconds));
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
