import { createCloudFormation } from './cloudformation/index.ts';
import { readEmbeddedMetrics } from './cloudwatch/embedded-metrics.ts';
import type { MetricId } from './cloudwatch/metric-store.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import type { Clock } from './clock.ts';
import type { Functions } from './lambda/functions.ts';
import type { LogStore } from './logs/log-store.ts';
import { createLogs } from './logs/index.ts';
import type { State } from './persistence/state.ts';
import type { Service } from './service.ts';
import type { ServiceMetrics } from './service-metrics.ts';
import { createServiceMetrics } from './service-metrics.ts';
import type { RecordEvent } from './step-functions/execution-log.ts';
import { createExecutionLog } from './step-functions/execution-log.ts';
import type { LoadedTemplate } from './template/index.ts';

export interface ObservabilityOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly template: LoadedTemplate;
  readonly outputs: Readonly<Record<string, string>>;
  /** Where logs and metrics are kept. */
  readonly state: State;
  /** A queue's metrics as they are now, by their names. */
  readonly measureQueue: (name: string) => Readonly<Record<string, number>>;
}

/** The services that describe the running stack, and their inputs. */
export interface Observability {
  /** CloudFormation, CloudWatch Logs and CloudWatch. */
  readonly services: readonly Service[];
  readonly metrics: ServiceMetrics;
  /** Writes an event of an execution to its machine's log group, and counts it. */
  recordEvent: RecordEvent;
  /** Writes what the functions print to their log groups. */
  collectLogs: (functions: Functions) => void;
}

/** Metrics of a queue have the one dimension QueueName. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-metrics.html */
const measureQueues =
  ({ measureQueue }: ObservabilityOptions) =>
  ({ namespace, name, dimensions }: MetricId): number | undefined => {
    const { QueueName: queue, ...others } = dimensions;
    if (namespace !== 'AWS/SQS' || queue === undefined || Object.keys(others).length > 0) return undefined;
    return measureQueue(queue)[name];
  };

const createGroups = (template: LoadedTemplate, logs: LogStore): void => {
  for (const { ref, properties } of template.ofType('AWS::Logs::LogGroup')) {
    const retention = properties['RetentionInDays'];
    logs.createGroup(ref, retention === undefined ? undefined : Number(retention));
  }
};

/** A name as Lambda gives it, `2026/11/23/[$LATEST]<instance>`. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
const functionStream = (clock: Clock): string =>
  `${new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]local`;

/** @throws TemplateError for an alarm that is not supported */
export const createObservability = (options: ObservabilityOptions): Observability => {
  const { clock, template } = options;
  const { store: logs, ...logsService } = createLogs(options);
  const alarms = template.ofType('AWS::CloudWatch::Alarm');
  const { store: metrics, ...cloudWatch } = createCloudWatch({ ...options, alarms, measure: measureQueues(options) });
  createGroups(template, logs);
  logs.restore();
  logs.on(({ message }) => {
    for (const metric of readEmbeddedMetrics(message)) metrics.add(metric, metric.values, metric.timestamp);
  });
  const serviceMetrics = createServiceMetrics({ store: metrics });
  const executionLog = createExecutionLog(template, logs);
  return {
    services: [createCloudFormation(options), logsService, cloudWatch],
    metrics: serviceMetrics,
    recordEvent: (...event) => {
      executionLog(...event);
      serviceMetrics.countExecution(...event);
    },
    collectLogs: (functions) => {
      const groups = new Map(functions.definitions.map(({ construct, name }) => [construct, `/aws/lambda/${name}`]));
      functions.logs.on(({ function: construct, text }) => {
        const group = groups.get(construct);
        if (group !== undefined) logs.put({ group, stream: functionStream(clock), message: text });
      });
    },
  };
};
