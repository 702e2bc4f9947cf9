import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricNames, metricsNamespace } from '../functions/aws/metric-names.ts';
import type { DeadLetterQueues } from './queues.ts';
import type { TaskFunction } from './task-function.ts';
import type { Workflow } from './workflow.ts';

export interface MonitoringProps {
  readonly api: RestApi;
  readonly cleanup: Workflow;
  readonly dispatch: Workflow;
  readonly deadLetters: DeadLetterQueues;
  readonly mapping: EventSourceMapping;
  readonly router: TaskFunction;
  readonly stream: Stream;
  /** Told of every alarm, and when it is over; nobody if undefined. */
  readonly alarmTopicArn: string | undefined;
}

interface Watched {
  readonly metric: IMetric;
  /** The alarm goes off above it. Default 0. */
  readonly threshold?: number;
  /** How many periods in a row. Default 1. */
  readonly periods?: number;
  /**
   * Default: without data nothing is the matter. SQS sends no metrics of a queue that nobody used for six hours, and what is in it is
   * still there, so an alarm about a queue stays as it is
   * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html).
   */
  readonly whenMissing?: TreatMissingData;
}

type MetricName = keyof typeof metricNames;

const fiveMinutes = Duration.minutes(5);

/** What somebody should look at, as alarms, and what one looks at then, as a dashboard. */
export class Monitoring extends Construct {
  readonly #action: SnsAction | undefined;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { alarmTopicArn } = props;
    this.#action =
      alarmTopicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
    this.#addAlarms(props);
    this.#addDashboard(props);
  }

  #addAlarms({ api, cleanup, dispatch, deadLetters, mapping, router, stream }: MonitoringProps): void {
    const waiting = { period: fiveMinutes, statistic: Stats.MAXIMUM };
    this.#alarm('RecordsRejected', 'Somebody puts records on the stream that are no messages', {
      metric: deadLetters.rejected.metricApproximateNumberOfMessagesVisible(waiting),
      whenMissing: TreatMissingData.IGNORE,
    });
    this.#alarm('MessagesUndelivered', 'Messages wait in the undelivered queue to be put back', {
      metric: deadLetters.undelivered.metricApproximateNumberOfMessagesVisible(waiting),
      whenMissing: TreatMissingData.IGNORE,
    });
    this.#alarm('BatchesFailed', 'Batches wait in the bucket of failed batches to be put back', {
      metric: ofMapping(mapping, 'OnFailureDestinationDeliveredEventCount'),
    });
    this.#alarm(
      'BatchesLost',
      'A failed batch could not be written to the bucket: its records are lost once they expire',
      {
        metric: router.function.metric('DestinationDeliveryFailures', { period: fiveMinutes, statistic: Stats.SUM }),
      },
    );
    this.#alarm('RecordsDropped', 'Records of the stream were dropped: too old, or tried too often', {
      metric: ofMapping(mapping, 'DroppedEventCount'),
    });
    this.#alarm(
      'StreamNotRead',
      'Records come in and the router does not run: its mapping is disabled or may not read',
      {
        metric: unread(stream, router),
        periods: 3,
      },
    );
    this.#alarm('StreamBehind', 'Messages wait on the stream for more than a minute', {
      metric: router.function.metric('IteratorAge', { period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(1).toMilliseconds(),
    });
    this.#alarm('ApiFails', 'The API answers with 5xx', {
      metric: api.metricServerError({ period: fiveMinutes, statistic: Stats.SUM }),
      threshold: 5,
    });
    this.#alarm('DispatchFails', 'Dispatches fail or run out of time', { metric: unsuccessful(dispatch, fiveMinutes) });
    this.#alarm('CleanupFails', 'The cleanup fails or runs out of time, so abandoned sessions stay', {
      metric: unsuccessful(cleanup, Duration.hours(1)),
    });
  }

  #addDashboard({ api, dispatch, deadLetters, router }: MonitoringProps): void {
    const { stackName } = Stack.of(this);
    const own = (name: MetricName, statistic: string): IMetric =>
      new Metric({
        namespace: metricsNamespace,
        metricName: metricNames[name],
        statistic,
        period: fiveMinutes,
        dimensionsMap: { service: stackName },
      });
    const counted = (...names: readonly MetricName[]): IMetric[] => names.map((name) => own(name, Stats.SUM));
    const graph = (title: string, ...left: readonly IMetric[]): GraphWidget =>
      new GraphWidget({ title, left: [...left], width: 8 });
    new Dashboard(this, 'Dashboard', {
      // Dashboards are the account's, not the Region's.
      dashboardName: `${stackName}-${Aws.REGION}`,
      widgets: [
        [
          graph('Messages', ...counted('messagesReceived', 'messagesRouted', 'messagesDelivered')),
          graph('Sessions reached', ...counted('sessionsTargeted', 'queuesGone')),
          graph('From entry to queue', own('deliveryLatency', 'p50'), own('deliveryLatency', 'p99')),
        ],
        [
          graph('API', api.metricCount(), api.metricClientError(), api.metricServerError()),
          graph('API latency', api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })),
          graph('Stream age', router.function.metric('IteratorAge', { statistic: Stats.MAXIMUM })),
        ],
        [
          graph(
            'Dispatches',
            dispatch.machine.metricStarted(),
            dispatch.machine.metricFailed(),
            dispatch.machine.metricTimedOut(),
          ),
          graph('Set aside', ...counted('messagesDeadLettered', 'recordsRejected')),
          graph(
            'Waiting to be put back',
            deadLetters.rejected.metricApproximateNumberOfMessagesVisible(),
            deadLetters.undelivered.metricApproximateNumberOfMessagesVisible(),
          ),
        ],
      ],
    });
  }

  #alarm(id: string, description: string, { metric, threshold = 0, periods = 1, whenMissing }: Watched): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: whenMissing ?? TreatMissingData.NOT_BREACHING,
    });
    if (!this.#action) return;
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }
}

/** Executions that failed or timed out, which Step Functions counts apart. */
const unsuccessful = ({ machine }: Workflow, period: Duration): IMetric =>
  new MathExpression({
    expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
    usingMetrics: { failed: machine.metricFailed({ period }), timedOut: machine.metricTimedOut({ period }) },
    period,
  });

/**
 * A metric of the mapping, not of the function: what Lambda dropped, or wrote to the destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const ofMapping = (mapping: EventSourceMapping, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic: Stats.SUM,
    period: fiveMinutes,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
  });

/** 1 while records come in and the router does not run. */
const unread = (stream: Stream, router: TaskFunction): IMetric =>
  new MathExpression({
    expression: 'IF(FILL(incoming, 0) > 0 AND FILL(invocations, 0) == 0, 1, 0)',
    usingMetrics: {
      incoming: stream.metricIncomingRecords({ period: fiveMinutes, statistic: Stats.SUM }),
      invocations: router.function.metricInvocations({ period: fiveMinutes, statistic: Stats.SUM }),
    },
    period: fiveMinutes,
  });
