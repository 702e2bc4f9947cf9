import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
  type IAlarmAction,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EventStream } from './event-stream.ts';
import { metricOf } from './metrics.ts';
import type { DeadLetterQueues } from './queues.ts';
import type { TaskFunction } from './task-function.ts';
import type { Workflow } from './workflow.ts';

/** The stream and what reads it. */
export interface StreamParts {
  readonly events: EventStream;
  readonly mapping: EventSourceMapping;
  readonly router: TaskFunction;
}

/** The machine that fills the pool, and the dimension of its metric. */
export interface PoolParts {
  readonly fillPool: Workflow;
  readonly service: string;
}

export interface AlarmsProps {
  readonly api: RestApi;
  readonly cleanup: Workflow;
  readonly cleanupEvery: Duration;
  readonly dispatch: Workflow;
  readonly deadLetters: DeadLetterQueues;
  readonly sendDeadLetters: TaskFunction;
  /** Undefined without a stream. */
  readonly stream: StreamParts | undefined;
  /** Undefined without a pool. */
  readonly pool: PoolParts | undefined;
  /** Runs when an alarm goes off and when it ends. Undefined: nobody is notified. */
  readonly action: IAlarmAction | undefined;
}

/** The alarms' names. Those about the stream and the pool are missing where there is none. */
export type AlarmName =
  | 'RecordsRejected'
  | 'MessagesUndelivered'
  | 'BatchesFailed'
  | 'BatchesWaiting'
  | 'BatchesLost'
  | 'RecordsDropped'
  | 'StreamNotRead'
  | 'StreamBehind'
  | 'ApiFails'
  | 'DispatchFails'
  | 'CleanupFails'
  | 'PoolEmpty'
  | 'PoolNotFilled';

interface Watched {
  readonly metric: IMetric;
  readonly description: string;
  /** The alarm goes off above it. Default 0. */
  readonly threshold?: number;
  /** The alarm goes off below this value; then `threshold` has no effect. Default: the alarm goes off above `threshold`. */
  readonly below?: number;
  /** How many periods in a row. Default 1. */
  readonly periods?: number;
  /** The alarm's state while there are no data: off, as before, or on. Default off. */
  readonly withoutData?: 'off' | 'stays' | 'on';
}

const fiveMinutes = Duration.minutes(5);
const sum = { period: fiveMinutes, statistic: Stats.SUM };

/**
 * Makes the alarms. No alarm counts failed executions, because a caller's mistake (400, 404, 409, 413) fails one too. The service's own
 * failures show in the API's 5xx, in the dead letters, in timeouts, and in a cleanup that never succeeds.
 */
export const makeAlarms = (scope: Construct, props: AlarmsProps): Readonly<Partial<Record<AlarmName, Alarm>>> => {
  const watched = Object.entries<Watched>({ ...watchStream(props), ...watchService(props), ...watchPool(props) });
  return Object.fromEntries(watched.map(([name, one]) => [name, makeAlarm(scope, name, one, props.action)]));
};

/**
 * A new alarm has no data, which notifies nobody (PutMetricAlarm). It notifies when its data end. If missing data counted as a breach,
 * every first deployment would wake somebody.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const missingData = {
  off: TreatMissingData.NOT_BREACHING,
  stays: TreatMissingData.IGNORE,
  on: TreatMissingData.MISSING,
} as const;

const makeAlarm = (scope: Construct, name: string, watched: Watched, action: IAlarmAction | undefined): Alarm => {
  const { metric, description, threshold = 0, below, periods = 1, withoutData = 'off' } = watched;
  const comparisonOperator =
    withoutData === 'on'
      ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
      : ComparisonOperator.GREATER_THAN_THRESHOLD;
  const alarm = new Alarm(scope, name, {
    alarmDescription: description,
    metric,
    ...(below === undefined
      ? { threshold, comparisonOperator }
      : { threshold: below, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD }),
    evaluationPeriods: periods,
    treatMissingData: missingData[withoutData],
  });
  if (action) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    if (withoutData === 'on') alarm.addInsufficientDataAction(action);
  }
  return alarm;
};

type Watches = Readonly<Partial<Record<AlarmName, Watched>>>;

/**
 * Alarms about queues and the bucket stay on while something is there. SQS sends no metrics of a queue that nobody used for six hours:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
const watchStream = ({ stream, deadLetters }: AlarmsProps): Watches => {
  if (!stream || !deadLetters.rejected) return {};
  const { events, mapping, router } = stream;
  return {
    RecordsRejected: {
      description: 'Somebody puts records on the stream that are no messages',
      metric: deadLetters.rejected.metricApproximateNumberOfMessagesVisible({ ...sum, statistic: Stats.MAXIMUM }),
      withoutData: 'stays',
    },
    BatchesFailed: {
      description: 'Batches of the stream failed and were written to the bucket of failed batches',
      metric: ofMapping(mapping, 'OnFailureDestinationDeliveredEventCount'),
    },
    BatchesWaiting: {
      description: 'Batches wait in the bucket of failed batches to be put back',
      metric: objectsIn(events),
      withoutData: 'stays',
    },
    BatchesLost: {
      description: 'A failed batch could not be written to the bucket: its records are lost once they expire',
      metric: router.function.metric('DestinationDeliveryFailures', sum),
    },
    RecordsDropped: {
      description: 'Records of the stream were dropped: too old, or tried too often',
      metric: ofMapping(mapping, 'DroppedEventCount'),
    },
    StreamNotRead: {
      description:
        'Records come in and the router does not run: its event source mapping is disabled, or its role may not read',
      metric: unread(stream),
      periods: 3,
    },
    StreamBehind: {
      description: 'Messages wait on the stream for more than a minute',
      metric: router.function.metric('IteratorAge', { ...sum, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(1).toMilliseconds(),
    },
  };
};

const watchService = (props: AlarmsProps): Watches => {
  const { api, cleanup, dispatch, deadLetters, sendDeadLetters } = props;
  return {
    MessagesUndelivered: {
      description: 'Messages wait in the undelivered queue to be put back',
      metric: deadLetters.undelivered.metricApproximateNumberOfMessagesVisible({ ...sum, statistic: Stats.MAXIMUM }),
      withoutData: 'stays',
    },
    ApiFails: { description: 'The API answers with 5xx', metric: api.metricServerError(sum), threshold: 5 },
    DispatchFails: {
      description: 'Dispatches run out of time, or their dead letters cannot be sent',
      metric: added({
        timedOut: dispatch.machine.metricTimedOut(sum),
        errors: sendDeadLetters.function.metricErrors(sum),
      }),
    },
    CleanupFails: {
      description: 'No cleanup succeeds, so abandoned sessions stay',
      metric: successes(cleanup, props.cleanupEvery),
      withoutData: 'on',
    },
  };
};

/** The first fill of a new pool finds it empty, so that one period is not enough. */
const watchPool = ({ pool }: AlarmsProps): Watches =>
  pool
    ? {
        PoolEmpty: {
          description: 'The pool is too small: sessions take all pairs before new ones are made',
          metric: metricOf(pool.service, 'pairsFree', { statistic: Stats.MINIMUM }),
          below: 1,
          periods: 2,
        },
        PoolNotFilled: {
          description: 'No run that fills the pool succeeds, so that sessions take its last pairs',
          metric: successes(pool.fillPool, Duration.minutes(1)),
          withoutData: 'on',
        },
      }
    : {};

const added = (usingMetrics: Record<string, IMetric>): IMetric =>
  new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics,
    period: fiveMinutes,
  });

/** Executions that succeed. A period has more than one run of the schedule. */
const successes = ({ machine }: Workflow, every: Duration): IMetric => {
  const period = Duration.seconds(Math.min(Math.max(2 * every.toSeconds(), 3600), 86_400));
  return machine.metricSucceeded({ period, statistic: Stats.SUM });
};

/**
 * A metric of the mapping, not of the function: what Lambda dropped, or wrote to the destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const ofMapping = (mapping: EventSourceMapping, metricName: string): Metric =>
  new Metric({
    ...{ namespace: 'AWS/Lambda', metricName, ...sum },
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
  });

/** S3 counts a bucket's objects once a day, for nothing: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
const objectsIn = ({ failedBatches }: EventStream): Metric =>
  new Metric({
    ...{ namespace: 'AWS/S3', metricName: 'NumberOfObjects', period: Duration.days(1), statistic: Stats.MAXIMUM },
    dimensionsMap: { BucketName: failedBatches.bucketName, StorageType: 'AllStorageTypes' },
  });

/** 1 while records come in and the router does not run. */
const unread = ({ events, router }: StreamParts): IMetric =>
  new MathExpression({
    expression: 'IF(FILL(incoming, 0) > 0 AND FILL(invocations, 0) == 0, 1, 0)',
    usingMetrics: {
      incoming: events.stream.metricIncomingRecords(sum),
      invocations: router.function.metricInvocations(sum),
    },
    period: fiveMinutes,
  });
