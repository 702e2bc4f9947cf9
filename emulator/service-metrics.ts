import type { MetricStore } from './cloudwatch/metric-store.ts';
import type { Invoke } from './lambda/service.ts';
import type { HttpHandler } from './protocols/http.ts';
import type { RecordEvent } from './step-functions/execution-log.ts';

export interface ServiceMetricsOptions {
  readonly store: MetricStore;
}

/** Writes the metrics that AWS services write by themselves. */
export interface ServiceMetrics {
  /** Counts a function's invocations as Lambda does. */
  measureInvocations: (invoke: Invoke) => Invoke;
  /** Counts an API's requests as API Gateway does. */
  measureRequests: (apiName: string, handle: HttpHandler) => HttpHandler;
  /** Counts executions as Step Functions does, by their first and last events. */
  countExecution: RecordEvent;
  /** Milliseconds between the arrival of a batch's last record and its invocation. */
  iteratorAge: (functionArn: string, milliseconds: number) => void;
  /** A batch that an event source mapping wrote to its on-failure destination. */
  countFailedBatch: (mappingId: string) => void;
}

/** The metric that counts each type of event. */
const executionMetrics: Readonly<Record<string, string>> = {
  ExecutionStarted: 'ExecutionsStarted',
  ExecutionSucceeded: 'ExecutionsSucceeded',
  ExecutionFailed: 'ExecutionsFailed',
  ExecutionTimedOut: 'ExecutionsTimedOut',
  ExecutionAborted: 'ExecutionsAborted',
};

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const lambdaMetrics = (
  store: MetricStore,
): Pick<ServiceMetrics, 'measureInvocations' | 'iteratorAge' | 'countFailedBatch'> => {
  const add = (name: string, functionArn: string, value: number): void => {
    store.add({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: nameIn(functionArn) } }, value);
  };
  return {
    measureInvocations: (invoke) => async (arn, payload) => {
      const started = performance.now();
      add('Invocations', arn, 1);
      let errors = 1;
      try {
        const result = await invoke(arn, payload);
        errors = 0;
        return result;
      } finally {
        add('Errors', arn, errors);
        add('Duration', arn, performance.now() - started);
      }
    },
    iteratorAge: (arn, milliseconds) => {
      add('IteratorAge', arn, milliseconds);
    },
    countFailedBatch: (EventSourceMappingUUID) => {
      const name = 'OnFailureDestinationDeliveredEventCount';
      store.add({ namespace: 'AWS/Lambda', name, dimensions: { EventSourceMappingUUID } }, 1);
    },
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
const statesMetrics = (store: MetricStore): Pick<ServiceMetrics, 'countExecution'> => ({
  countExecution: (StateMachineArn, _executionArn, { type = '' }) => {
    const name = executionMetrics[type];
    if (name !== undefined) store.add({ namespace: 'AWS/States', name, dimensions: { StateMachineArn } }, 1);
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
const apiMetrics = ({ store }: ServiceMetricsOptions): Pick<ServiceMetrics, 'measureRequests'> => ({
  measureRequests: (ApiName, handle) => async (request) => {
    const started = performance.now();
    const response = await handle(request);
    const add = (name: string, value: number): void => {
      store.add({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiName } }, value);
    };
    add('Count', 1);
    add('4XXError', response.status >= 400 && response.status < 500 ? 1 : 0);
    add('5XXError', response.status >= 500 ? 1 : 0);
    add('Latency', performance.now() - started);
    return response;
  },
});

export const createServiceMetrics = (options: ServiceMetricsOptions): ServiceMetrics => ({
  ...lambdaMetrics(options.store),
  ...statesMetrics(options.store),
  ...apiMetrics(options),
});
