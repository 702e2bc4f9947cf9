import type { HttpHandler } from './protocols/http.ts';
import { createCloudFormation } from './cloudformation/index.ts';
import { readEmbeddedMetrics } from './cloudwatch/embedded-metrics.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import type { Clock } from './clock.ts';
import type { Functions } from './lambda/functions.ts';
import type { Invoke } from './lambda/service.ts';
import { createLogs } from './logs/index.ts';
import type { Service } from './service.ts';
import type { ExecutionRecord } from './step-functions/executions.ts';
import type { LoadedTemplate } from './template/index.ts';

export interface ObservabilityOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly template: LoadedTemplate;
  readonly outputs: Readonly<Record<string, string>>;
  /** How many messages a queue has that can be received. */
  readonly messagesIn: (queueUrl: string) => Promise<number>;
}

/** What can be asked about the running stack, and what has to be told for it. */
export interface Observability {
  /** CloudFormation, CloudWatch Logs and CloudWatch. */
  readonly services: readonly Service[];
  /** Counts a function's invocations as Lambda does. */
  measureInvocations(invoke: Invoke): Invoke;
  /** Counts the API's requests as API Gateway does. */
  measureRequests(handle: HttpHandler): HttpHandler;
  /** Counts an execution that has ended as Step Functions does. */
  countExecution(record: ExecutionRecord): void;
  /** Writes what the functions print to their log groups. */
  collectLogs(functions: Functions): void;
}

const days = (clock: Clock): string => new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');

/** Statuses of executions, and the metric each is counted by. */
const executionMetrics = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
} as const;

/** @throws TemplateError for an alarm that is not supported */
export const createObservability = (options: ObservabilityOptions): Observability => {
  const { clock, accountId, region, template, messagesIn } = options;
  const logs = createLogs(options);
  const queues = template.ofType('AWS::SQS::Queue').map(({ ref, attributes }) => ({
    url: ref,
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: attributes['QueueName'] ?? '' },
    },
  }));
  const cloudWatch = createCloudWatch({
    ...options,
    alarms: template.ofType('AWS::CloudWatch::Alarm'),
    refresh: async (store) => {
      await Promise.all(queues.map(async ({ url, metric }) => {
        store.add(metric, await messagesIn(url));
      }));
    },
  });
  const { store } = cloudWatch;
  for (const { ref, properties } of template.ofType('AWS::Logs::LogGroup')) {
    const retention = properties['RetentionInDays'];
    logs.store.createGroup(ref, retention === undefined ? undefined : Number(retention));
  }
  logs.store.on(({ message }) => {
    for (const metric of readEmbeddedMetrics(message)) store.add(metric, metric.values, metric.timestamp);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  const functionMetric = (name: string, arn: string, value: number): void => {
    const FunctionName = arn.slice(arn.lastIndexOf(':') + 1);
    store.add({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName } }, value);
  };

  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  const machineMetric = (name: string, machineName: string, value: number): void => {
    const StateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:${machineName}`;
    store.add({ namespace: 'AWS/States', name, dimensions: { StateMachineArn } }, value);
  };

  const apiName = template.ofType('AWS::ApiGateway::RestApi')[0]?.properties['Name'];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
  const apiMetric = (name: string, value: number): void => {
    if (typeof apiName === 'string') store.add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiName: apiName } }, value);
  };

  return {
    services: [createCloudFormation(options), logs, cloudWatch],
    measureInvocations: (invoke) => async (arn, payload) => {
      const started = performance.now();
      functionMetric('Invocations', arn, 1);
      let errors = 1;
      try {
        const result = await invoke(arn, payload);
        errors = 0;
        return result;
      } finally {
        functionMetric('Errors', arn, errors);
        functionMetric('Duration', arn, performance.now() - started);
      }
    },
    measureRequests: (handle) => async (request) => {
      const started = performance.now();
      const response = await handle(request);
      apiMetric('Count', 1);
      apiMetric('4XXError', response.status >= 400 && response.status < 500 ? 1 : 0);
      apiMetric('5XXError', response.status >= 500 ? 1 : 0);
      apiMetric('Latency', performance.now() - started);
      return response;
    },
    countExecution: ({ machine, status, started, stopped }) => {
      machineMetric('ExecutionsStarted', machine, 1);
      machineMetric(executionMetrics[status], machine, 1);
      machineMetric('ExecutionTime', machine, stopped - started);
    },
    collectLogs: (functions) => {
      const groups = new Map(functions.definitions.map(({ construct, name }) => [construct, `/aws/lambda/${name}`]));
      functions.logs.on(({ function: construct, text }) => {
        const group = groups.get(construct);
        if (group !== undefined) logs.store.put({ group, stream: `${days(clock)}/[$LATEST]local`, message: text });
      });
    },
  };
};
