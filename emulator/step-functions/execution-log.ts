import type { HistoryEvent } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { LogStore } from '../logs/log-store.ts';
import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';
import { isObject, isTrue } from '../values.ts';

const levels = ['ALL', 'ERROR', 'FATAL', 'OFF'] as const;
type Level = (typeof levels)[number];

const loggingConfiguration = z.object({
  Level: z._default(z.enum(levels), 'OFF'),
  IncludeExecutionData: z.optional(z.union([z.boolean(), z.string()])),
  Destinations: z._default(
    z.array(z.object({ CloudWatchLogsLogGroup: z.optional(z.object({ LogGroupArn: z.optional(z.string()) })) })),
    [],
  ),
});

const machineProperties = z.object({ LoggingConfiguration: z.optional(loggingConfiguration) });

/** Where and how much a machine logs. */
interface Logging {
  readonly group: string;
  readonly level: Level;
  readonly includesData: boolean;
  /** The log stream at a time. */
  readonly streamAt: (time: number) => string;
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

const readLogging = (resource: Resource): Logging | undefined => {
  const { LoggingConfiguration: configuration } = readProperties(resource, machineProperties);
  if (!configuration) return undefined;
  const { Level: level, Destinations: destinations, IncludeExecutionData: includesData } = configuration;
  const group = /:log-group:(.*):\*$/.exec(destinations[0]?.CloudWatchLogsLogGroup?.LogGroupArn ?? '')?.[1];
  if (group === undefined || level === 'OFF') return undefined;
  const streamAt = streams(resource.ref.slice(resource.ref.lastIndexOf(':') + 1));
  return { group, level, includesData: isTrue(includesData), streamAt };
};

/** Inputs and outputs are the execution's data. https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html */
const dataMembers = new Set(['input', 'inputDetails', 'output', 'outputDetails']);

/** The details of an event, from the one member that has them. */
const detailsOf = (event: HistoryEvent, includesData: boolean): object => {
  const members: unknown = Object.entries(event).find(([name]) => name.endsWith('EventDetails'))?.[1];
  if (!isObject(members)) return {};
  return includesData
    ? members
    : Object.fromEntries(Object.entries(members).filter(([name]) => !dataMembers.has(name)));
};

const minute = 60_000;

/** `states/<machine>/<year>-<month>-<day>-<hour>-<minute>/<id>`, written anew only when the minute has changed. */
const streams = (machine: string): ((time: number) => string) => {
  let last = NaN;
  let stream = '';
  return (time) => {
    if (Math.floor(time / minute) !== last) {
      last = Math.floor(time / minute);
      stream = `states/${machine}/${new Date(time).toISOString().slice(0, 16).replaceAll(/[T:]/g, '-')}/local`;
    }
    return stream;
  };
};

/** Called with each event of an execution, as it happens. */
export type RecordEvent = (machineArn: string, executionArn: string, event: HistoryEvent) => void;

/**
 * Writes the events of executions to their machines' log groups, as much of them as each machine's LoggingConfiguration says.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export const createExecutionLog = (template: LoadedTemplate, logs: LogStore): RecordEvent => {
  const loggings = new Map(
    template.ofType('AWS::StepFunctions::StateMachine').map((machine) => [machine.ref, readLogging(machine)] as const),
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
      stream: logging.streamAt(timestamp.getTime()),
      message: JSON.stringify(line),
      timestamp: timestamp.getTime(),
    });
  };
};
