import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct, type IConstruct } from 'constructs';
import { metricOf } from './metrics.ts';
import { routes, type Route } from './session-api/routes.ts';

/** A service that is made here, or one that was deployed before. */
export interface ISqsBrowser extends IConstruct {
  /** The URL of the API, with a slash at its end. */
  readonly apiUrl: string;
  /** The stream that producers put messages on; undefined without one. */
  readonly eventStream: IStream | undefined;
  /** Lets a backend create, renew, look up, list and destroy sessions. */
  grantManageSessions(grantee: IGrantable): Grant;
  /** Lets a backend send messages one by one through the API, and learn how many sessions got each. */
  grantNotify(grantee: IGrantable): Grant;
  /** Lets a producer publish messages: through the API, 500 in a call, and on the stream if there is one. */
  grantPublish(grantee: IGrantable): Grant;
  /** Lets somebody call every route of the API, `/cleanup` too. */
  grantInvokeApi(grantee: IGrantable): Grant;
  /** Messages taken from the stream and from notify calls. Default, as for the others: the sum in five minutes. */
  metricMessagesReceived(options?: MetricOptions): Metric;
  /** Messages accepted by SQS, once for each session. */
  metricMessagesDelivered(options?: MetricOptions): Metric;
  /** Messages set aside in the undelivered queue, once for each session. */
  metricMessagesDeadLettered(options?: MetricOptions): Metric;
  /** Records of the stream that were no messages. */
  metricRecordsRejected(options?: MetricOptions): Metric;
  /** Sessions that messages were for, once for each dispatch. */
  metricSessionsTargeted(options?: MetricOptions): Metric;
  /** Milliseconds from the entry of a message to its acceptance by SQS. Default: p99 in five minutes. */
  metricDeliveryLatency(options?: MetricOptions): Metric;
}

/** The purpose of a route decides which grant allows it. */
type Purpose = 'sessions' | 'notify' | 'publish' | 'cleanup';

const purposeOf = (route: Route): Purpose => {
  if (route.takes === 'message') return 'notify';
  if (route.takes === 'events') return 'publish';
  return 'machine' in route && route.machine === 'cleanup' ? 'cleanup' : 'sessions';
};

/** The API's paths for a purpose, as resources of a policy: a star stands for parameters. */
const pathsFor = (purpose: Purpose): readonly string[] => {
  const ofPurpose = routes.filter((route) => purposeOf(route) === purpose);
  return [...new Set(ofPurpose.map(({ path }) => path.replace(/\{.*$/, '*')))];
};

/** The grants and metrics of a service, made here or deployed before. */
export abstract class SqsBrowserBase extends Construct implements ISqsBrowser {
  abstract readonly apiUrl: string;
  abstract readonly eventStream: IStream | undefined;
  /** The dimension of the metrics. */
  abstract readonly serviceName: string;

  /** The ARN of calls to a path of the API: `/notify/*`. */
  protected abstract arnForPath(path: string): string;

  grantManageSessions(grantee: IGrantable): Grant {
    return this.#grantInvoke(grantee, pathsFor('sessions'));
  }

  grantNotify(grantee: IGrantable): Grant {
    return this.#grantInvoke(grantee, pathsFor('notify'));
  }

  grantInvokeApi(grantee: IGrantable): Grant {
    return this.#grantInvoke(grantee, ['/*']);
  }

  grantPublish(grantee: IGrantable): Grant {
    const { eventStream } = this;
    const grant = this.#grantInvoke(grantee, pathsFor('publish'));
    if (!eventStream) return grant;
    eventStream.encryptionKey?.grantEncrypt(grantee);
    const actions = ['kinesis:PutRecord', 'kinesis:PutRecords'];
    return grant.combine(Grant.addToPrincipal({ grantee, actions, resourceArns: [eventStream.streamArn] }));
  }

  metricMessagesReceived(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'messagesReceived', options);
  }

  metricMessagesDelivered(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'messagesDelivered', options);
  }

  metricMessagesDeadLettered(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'messagesDeadLettered', options);
  }

  metricRecordsRejected(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'recordsRejected', options);
  }

  metricSessionsTargeted(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'sessionsTargeted', options);
  }

  metricDeliveryLatency(options?: MetricOptions): Metric {
    return metricOf(this.serviceName, 'deliveryLatency', { statistic: 'p99', ...options });
  }

  #grantInvoke(grantee: IGrantable, paths: readonly string[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: paths.map((path) => this.arnForPath(path)),
    });
  }
}
