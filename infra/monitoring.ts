import { Duration, Stack } from 'aws-cdk-lib';
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
  /** Told of every alarm, and when it is over; nobody if undefined. */
  readonly alarmTopicArn: string | undefined;
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

  #addAlarms({ api, cleanup, dispatch, deadLetters, mapping, router }: MonitoringProps): void {
    const waiting = { period: fiveMinutes, statistic: Stats.MAXIMUM };
    this.#alarm('RecordsRejected', 'Somebody puts records on the stream that are no messages', {
      metric: deadLetters.rejected.metricApproximateNumberOfMessagesVisible(waiting),
    });
    this.#alarm('MessagesUndelivered', 'Messages wait in the undelivered queue to be put back', {
      metric: deadLetters.undelivered.metricApproximateNumberOfMessagesVisible(waiting),
    });
    this.#alarm('BatchesFailed', 'Batches wait in the bucket of failed batches to be put back', {
      metric: failedBatches(mapping),
    });
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
      dashboardName: stackName,
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

  #alarm(id: string, description: string, { metric, threshold = 0 }: { metric: IMetric; threshold?: number }): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
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

/** Of the mapping, not of the function: Lambda counts what it wrote to the destination. */
const failedBatches = (mapping: EventSourceMapping): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'OnFailureDestinationDeliveredEventCount',
    statistic: Stats.SUM,
    period: fiveMinutes,
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
  });
