import { Aws, Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard, GraphWidget, Stats, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { metricNames } from '../functions/aws/metric-names.ts';
import type { ServiceNames } from './common.ts';
import { metricOf } from './metrics.ts';
import type { DeadLetterQueues } from './queues.ts';
import type { TaskFunction } from './task-function.ts';
import type { Workflow } from './workflow.ts';

export interface DashboardProps {
  readonly names: ServiceNames;
  readonly api: RestApi;
  readonly dispatch: Workflow;
  readonly deadLetters: DeadLetterQueues;
  readonly hasPool: boolean;
  /** Undefined without a stream. */
  readonly router: TaskFunction | undefined;
}

/** Makes the dashboard, which people look at when an alarm goes off. */
export const makeDashboard = (scope: Construct, props: DashboardProps): Dashboard => {
  const { names, api, dispatch, deadLetters, router } = props;
  const own = (name: keyof typeof metricNames, statistic: string): IMetric =>
    metricOf(names.service, name, { statistic, period: Duration.minutes(5) });
  const counted = (...list: readonly (keyof typeof metricNames)[]): IMetric[] =>
    list.map((name) => own(name, Stats.SUM));
  const age = router ? [graph('Stream age', router.function.metric('IteratorAge', { statistic: Stats.MAXIMUM }))] : [];
  const { machine } = dispatch;
  return new Dashboard(scope, 'Dashboard', {
    // Dashboards are the account's, not the Region's.
    ...(names.isGiven && { dashboardName: `${names.service}-${Aws.REGION}` }),
    widgets: [
      [
        graph('Messages', ...counted('messagesReceived', 'messagesRouted', 'messagesDelivered')),
        graph('Sessions reached', ...counted('sessionsTargeted', 'queuesGone')),
        graph('From entry to queue', own('deliveryLatency', 'p50'), own('deliveryLatency', 'p99')),
      ],
      [
        graph('API', api.metricCount(), api.metricClientError(), api.metricServerError()),
        graph('API latency', api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })),
        ...age,
        ...(props.hasPool ? [graph('Free pairs', own('pairsFree', Stats.MINIMUM))] : []),
      ],
      [
        graph('Dispatches', machine.metricStarted(), machine.metricFailed(), machine.metricTimedOut()),
        graph('Set aside', ...counted('messagesDeadLettered', 'recordsRejected')),
        graph('Waiting to be put back', ...waitingIn(deadLetters)),
      ],
    ],
  });
};

const waitingIn = ({ rejected, undelivered }: DeadLetterQueues): IMetric[] =>
  [rejected, undelivered].flatMap((queue) => queue?.metricApproximateNumberOfMessagesVisible() ?? []);

const graph = (title: string, ...left: readonly IMetric[]): IWidget =>
  new GraphWidget({ title, left: [...left], width: 8 });
