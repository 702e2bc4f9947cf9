import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { LogStore } from '../logs/log-store.ts';
import type { LoadedTemplate } from '../template/index.ts';

type Level = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

interface LoggingConfiguration {
  readonly Level?: Level;
  readonly IncludeExecutionData?: boolean | string;
  readonly Destinations?: readonly { readonly CloudWatchLogsLogGroup?: { readonly LogGroupArn?: string } }[];
}

/** Where and how much a machine logs. */
interface Logging {
  readonly group: string;
  readonly level: Level;
  readonly includesData: boolean;
}

/** Which events are logged at level FATAL, and with them at ERROR. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const fatal = ['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut'];

const errors = new Set([
  ...fatal,
  ...['FailStateEntered', 'LambdaFunctionFailed', 'LambdaFunctionScheduleFailed', 'LambdaFunctionStartFailed'],
  ...['LambdaFunctionTimedOut', 'MapIterationAborted', 'MapIterationFailed', 'MapStateAborted', 'MapStateFailed'],
  ...['ParallelStateAborted', 'ParallelStateFailed', 'TaskFailed', 'TaskStartFailed', 'TaskStateAborted'],
  ...['TaskSubmitFailed', 'TaskTimedOut', 'WaitStateAborted'],
]);

const isLogged = (type: string, level: Level): boolean =>
  level === 'ALL' || (level === 'ERROR' && errors.has(type)) || (level === 'FATAL' && fatal.includes(type));

const readLogging = (properties: Readonly<Record<string, unknown>>): Logging | undefined => {
  const { Level: level = 'OFF', ...configuration } = (properties['LoggingConfiguration'] ?? {}) as LoggingConfiguration;
  const arn = configuration.Destinations?.[0]?.CloudWatchLogsLogGroup?.LogGroupArn;
  const group = arn === undefined ? undefined : /:log-group:(.*):\*$/.exec(arn)?.[1];
  if (group === undefined || level === 'OFF') return undefined;
  return { group, level, includesData: String(configuration.IncludeExecutionData) === 'true' };
};

/** Inputs and outputs are the execution's data. https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html */
const dataMembers = new Set(['input', 'inputDetails', 'output', 'outputDetails']);

/** The details of an event, whatever the member that holds them. */
const detailsOf = (event: HistoryEvent, includesData: boolean): object => {
  const members = Object.entries(event).find(([name]) => name.endsWith('EventDetails'))?.[1] as object | undefined;
  return Object.fromEntries(Object.entries(members ?? {}).filter(([name]) => includesData || !dataMembers.has(name)));
};

/** `states/<machine>/<year>-<month>-<day>-<hour>-<minute>/<id>` */
const streamOf = (machine: string, time: Date): string =>
  `states/${machine}/${time.toISOString().slice(0, 16).replaceAll(/[T:]/g, '-')}/local`;

/** Is called with each event of an execution, as it happens. */
export type RecordEvent = (machineArn: string, executionArn: string, event: HistoryEvent) => void;

/**
 * Writes the events of executions to their machines' log groups, as much of them as each machine's LoggingConfiguration says.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export const createExecutionLog = (template: LoadedTemplate, logs: LogStore): RecordEvent => {
  const loggings = new Map(
    template
      .ofType('AWS::StepFunctions::StateMachine')
      .map(({ ref, properties }) => [ref, readLogging(properties)] as const),
  );
  return (machineArn, executionArn, event) => {
    const logging = loggings.get(machineArn);
    const { id = 0, previousEventId = 0, type = 'ExecutionStarted', timestamp = new Date() } = event;
    if (!logging || !isLogged(type, logging.level)) return;
    const line = {
      id: String(id),
      type,
      details: detailsOf(event, logging.includesData),
      previous_event_id: String(previousEventId),
      event_timestamp: String(timestamp.getTime()),
      execution_arn: executionArn,
      redrive_count: '0',
    };
    logs.put({
      group: logging.group,
      stream: streamOf(machineArn.slice(machineArn.lastIndexOf(':') + 1), timestamp),
      message: JSON.stringify(line),
      timestamp: timestamp.getTime(),
    });
  };
};
