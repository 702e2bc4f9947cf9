import type { CallPoint, ExecutionRecord } from 'aws-template-emulator';
import { sendsInFlight } from '../../functions/dispatch/queue-sender.ts';
import type { SeenCall } from './call-groups.ts';
import { groupCalls, sharedCalls } from './call-groups.ts';
import { executionOf } from './history.ts';
import type { RecordedExecution, RecordedFunction } from './recording.ts';

/** What was recorded between two questions to the service. */
export interface Recorded {
  /** Executions that no function waited for, in the order of their ends. */
  readonly executions: readonly RecordedExecution[];
  /** Functions that were run by no execution and for no batch, such as one behind a route of the API. */
  readonly functions: readonly RecordedFunction[];
  /** What the router did for each batch of the stream. */
  readonly batches: readonly { readonly records: number; readonly function: RecordedFunction }[];
}

/** A call that has ended, in milliseconds of any clock. */
export interface EndedCall {
  readonly point: CallPoint;
  readonly begin: number;
  readonly end: number;
}

/** One run of a function. */
export interface SeenRun {
  readonly functionArn: string;
  readonly payload: string;
  readonly calls: readonly EndedCall[];
}

/** Everything that was seen, before it is put together. */
export interface Seen {
  /** What the names of functions begin with. */
  readonly prefix: string;
  readonly executions: readonly ExecutionRecord[];
  readonly runs: readonly SeenRun[];
  /** Calls outside of runs: the router's, which no call of Lambda begins. */
  readonly calls: readonly EndedCall[];
  /** When the router finished batches of the stream, and their records. */
  readonly batches: readonly { readonly records: number; readonly end: number }[];
  /** Calls of each caller by their names, in the order of their first. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Whether a call waits for an execution. */
export const startsExecution = ({ service, action }: Pick<CallPoint, 'service' | 'action'>): boolean =>
  service === 'states' && action === 'StartSyncExecution';

/** The last part of an ARN. */
export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** Puts together what was seen: each run with its state, each execution with the call that waited for it. */
export const assemble = ({ prefix, executions, runs, calls, batches, counts }: Seen): Recorded => {
  const left = [...runs];
  const waitedFor = new Set<ExecutionRecord>();
  const tasks = executions.flatMap(({ events }) =>
    events.flatMap(({ lambdaFunctionScheduledEventDetails: scheduled }) => scheduled ?? []),
  );

  const nameOf = (arn: string): string => {
    const name = lastPart(arn);
    return name.startsWith(prefix) ? name.slice(prefix.length) : name;
  };

  const shared = (functionArn: string) =>
    sharedCalls(counts.get(lastPart(functionArn)) ?? new Map(), {
      runs: tasks.filter(({ resource }) => resource === functionArn).length,
      atOnce: sendsInFlight,
    });

  const find = (functionArn: string, payload: string): RecordedFunction => {
    const position = left.findIndex((run) => run.functionArn === functionArn && run.payload === payload);
    const [run] = position < 0 ? [] : left.splice(position, 1);
    return { name: nameOf(functionArn), calls: run ? groupCalls(run.calls.map(seenCall)) : shared(functionArn) };
  };

  const seenCall = ({ point, begin, end }: EndedCall): SeenCall => {
    const call = `${point.service}:${point.action}`;
    if (!startsExecution(point)) return { call, begin, end };
    const execution = executions.find(
      (one) => !waitedFor.has(one) && JSON.stringify(one.input) === point.parameters['input'],
    );
    if (execution) waitedFor.add(execution);
    return { call, begin, end, execution: execution && executionOf(execution.events, find) };
  };

  const isTask = ({ functionArn, payload }: SeenRun): boolean =>
    tasks.some(({ resource, input }) => resource === functionArn && input === payload);

  const functions = runs
    .filter((run) => !isTask(run))
    .map((run) => ({ name: nameOf(run.functionArn), calls: groupCalls(run.calls.map(seenCall)) }));
  const ofBatches = batches.map(({ records, end }, index) => {
    const from = batches[index - 1]?.end ?? -Infinity;
    const own = calls.filter(({ begin }) => begin > from && begin <= end);
    return { records, function: { name: 'router', calls: groupCalls(own.map(seenCall)) } };
  });
  const others = executions.filter((execution) => !waitedFor.has(execution));
  return { functions, batches: ofBatches, executions: others.map(({ events }) => executionOf(events, find)) };
};
