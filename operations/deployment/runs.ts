import type { Deployment } from './deployment.ts';
import { machineOf, readExecutionEvent } from './execution-events.ts';
import type { ExecutionEvent } from './execution-events.ts';
import { rangesBack, readLog } from './logs.ts';
import type { LogQuery } from './logs.ts';
import type { Machine } from './machines.ts';
import { listMachines } from './machines.ts';

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution of a state machine. */
export interface Run {
  readonly arn: string;
  /** The machine, as its file is called: `create-session`. */
  readonly machine: string;
  /** Epoch milliseconds; undefined where the log has failures only. */
  readonly started: number | undefined;
  /** Epoch milliseconds; undefined while it runs. */
  readonly ended: number | undefined;
  readonly status: RunStatus;
  readonly error?: string;
  readonly cause?: string;
}

export interface RunQuery {
  /** A machine's name, with or without the stack's; all unless given. */
  readonly machine?: string | undefined;
  /** Only runs that did not succeed. */
  readonly failed?: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until?: number;
  /** How many of the latest. */
  readonly limit: number;
}

const ends: Readonly<Record<string, RunStatus>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

const failedEnds = ['ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Makes runs of the first and the last events of executions. */
export class RunList {
  readonly #machine: string;
  readonly #runs = new Map<string, Run>();

  constructor(machine: string) {
    this.#machine = machine;
  }

  get size(): number {
    return this.#runs.size;
  }

  get runs(): Run[] {
    const timeOf = ({ started, ended }: Run): number => started ?? ended ?? 0;
    return [...this.#runs.values()].sort((a, b) => timeOf(b) - timeOf(a));
  }

  add({ executionArn: arn, type, timestamp, details }: ExecutionEvent): void {
    const known = this.#runs.get(arn);
    const status = ends[type];
    const machine = this.#machine;
    if (type === 'ExecutionStarted') {
      this.#runs.set(arn, { ended: undefined, status: 'RUNNING', ...known, arn, machine, started: timestamp });
    } else if (status) {
      const [error, cause] = [asText(details['error']), asText(details['cause'])];
      const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
      this.#runs.set(arn, { started: known?.started, arn, machine, ended: timestamp, status, ...failure });
    }
  }
}

const patternOf = (types: readonly string[]): string => `{ ${types.map((type) => `$.type = "${type}"`).join(' || ')} }`;

const readEvents = async function* (deployment: Deployment, query: LogQuery): AsyncGenerator<ExecutionEvent[]> {
  for await (const lines of readLog(deployment, query)) {
    yield lines.flatMap(({ message }) => readExecutionEvent(message) ?? []);
  }
};

/** Reads back from the latest event until there are enough runs. It does not read a long log from its beginning. */
const runsOf = async (deployment: Deployment, { shortName, logGroup }: Machine, query: RunQuery): Promise<Run[]> => {
  if (logGroup === undefined) return [];
  const { since, until, limit, failed = false } = query;
  const list = new RunList(shortName);
  const pattern = patternOf(failed ? failedEnds : ['ExecutionStarted', ...Object.keys(ends)]);
  for (const range of rangesBack({ since, until }, deployment.now())) {
    for await (const events of readEvents(deployment, { group: logGroup, ...range, pattern })) {
      for (const event of events) list.add(event);
    }
    if (list.size >= limit) break;
  }
  return list.runs.slice(0, limit);
};

/** The latest runs that the machines have logged, latest first. */
export const listRuns = async (deployment: Deployment, query: RunQuery): Promise<Run[]> => {
  const machines = listMachines(deployment).filter(
    ({ name, shortName }) => query.machine === undefined || [name, shortName].includes(query.machine),
  );
  const runs = await Promise.all(machines.map((machine) => runsOf(deployment, machine, query)));
  const timeOf = ({ started, ended }: Run): number => started ?? ended ?? 0;
  return runs
    .flat()
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, query.limit);
};

/** All events of an execution, in their order. @param around a time at which it ran, epoch milliseconds */
export const readRunEvents = async (deployment: Deployment, arn: string, around: number): Promise<ExecutionEvent[]> => {
  const group = listMachines(deployment).find(({ name }) => name === machineOf(arn))?.logGroup;
  if (group === undefined) return [];
  const events: ExecutionEvent[] = [];
  // An Express execution lasts five minutes at most.
  const range = { since: around - 330_000, until: around + 330_000 };
  const query = { group, ...range, pattern: `{ $.execution_arn = "${arn}" }` };
  for await (const page of readEvents(deployment, query)) events.push(...page);
  return events.sort((a, b) => a.id - b.id);
};
