/** What a run of the real machines and functions on the emulator did: the model's input, kept in bench/results.json. */

/** Calls of one name that a function made together. */
export interface CallGroup {
  /** `sqs:SendMessageBatch`. */
  readonly call: string;
  /** The position of the group that had ended when this one began; -1 for those that waited for no other. */
  readonly after: number;
  readonly times: number;
  /** The most of them that were under way at once. */
  readonly atOnce: number;
  /** The executions that calls of StartSyncExecution waited for. */
  readonly executions?: readonly RecordedExecution[];
}

/** One run of a function. */
export interface RecordedFunction {
  /** `make-queue`. */
  readonly name: string;
  readonly calls: readonly CallGroup[];
}

/** States that were run one after the other. */
export type RecordedStates = readonly RecordedState[];

export type RecordedState =
  | { readonly type: 'task'; readonly function: RecordedFunction }
  /** A Choice, Pass, Succeed or Wait: nothing but a transition. */
  | { readonly type: 'transition' }
  | { readonly type: 'parallel'; readonly branches: readonly RecordedStates[] }
  /** Iterations that did the same, one after the other in the list, are one entry. */
  | {
      readonly type: 'map';
      readonly iterations: readonly { readonly times: number; readonly states: RecordedStates }[];
    };

export interface RecordedExecution {
  /** How many events its history has, which are its lines in the log. */
  readonly events: number;
  readonly states: RecordedStates;
}

/** What one request to the API, or one batch of the stream, made the service do. */
export type RecordedWork =
  | { readonly type: 'execution'; readonly execution: RecordedExecution }
  | { readonly type: 'function'; readonly function: RecordedFunction }
  | { readonly type: 'batch'; readonly function: RecordedFunction; readonly records: number };

export interface RecordedOperation {
  readonly work: RecordedWork;
  /** Bytes of the index of sessions that each function which queries it reads in all; without it, little. */
  readonly indexBytes?: number;
  /** Bytes that the functions logged for it. */
  readonly logBytes: number;
  /** Milliseconds of CPU of one run of each function, warm. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** A function, measured once for all operations. */
export interface MeasuredFunction {
  readonly megabytes: number;
  /** Of its bundle. */
  readonly kilobytes: number;
  /** Milliseconds of CPU of its first run, after its bundle was loaded. */
  readonly firstCpu: number;
}

export interface Recording {
  /** By name: `make-queue`. */
  readonly functions: Readonly<Record<string, MeasuredFunction>>;
  /** By name: `create`, `one message to 1000 sessions`. */
  readonly operations: Readonly<Record<string, RecordedOperation>>;
}

/** Visits every run of a function in a piece of work, with how often it was run so; counts the runs by the function's name. */
export const runsIn = (
  work: RecordedWork,
  visit: (run: RecordedFunction, times: number) => void = () => undefined,
): ReadonlyMap<string, number> => {
  const runs = new Map<string, number>();
  const addFunction = (run: RecordedFunction, times: number): void => {
    visit(run, times);
    runs.set(run.name, (runs.get(run.name) ?? 0) + times);
    for (const execution of run.calls.flatMap(({ executions = [] }) => executions)) addStates(execution.states, times);
  };
  const addStates = (states: RecordedStates, times: number): void => {
    for (const state of states) {
      if (state.type === 'task') addFunction(state.function, times);
      if (state.type === 'parallel') for (const branch of state.branches) addStates(branch, times);
      if (state.type === 'map') for (const each of state.iterations) addStates(each.states, times * each.times);
    }
  };
  if (work.type === 'execution') addStates(work.execution.states, 1);
  else addFunction(work.function, 1);
  return runs;
};

/** The names of the AWS calls that functions make in a piece of work. */
export const callsIn = (work: RecordedWork): ReadonlySet<string> => {
  const calls = new Set<string>();
  runsIn(work, (run) => {
    for (const { call } of run.calls) calls.add(call);
  });
  return calls;
};

/** `FindSession` → `find-session`. */
export const kebabCase = (construct: string): string => construct.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

/**
 * The CPU of one run of each function that `work` ran.
 * @param spent milliseconds by construct (`FindSession`), for `repeated` times the work
 */
export const cpuOfRuns = (
  work: RecordedWork,
  spent: Readonly<Record<string, number>>,
  repeated: number,
): Readonly<Record<string, number>> => {
  const cpu = new Map(Object.entries(spent).map(([construct, milliseconds]) => [kebabCase(construct), milliseconds]));
  const each = [...runsIn(work)].map(([name, runs]) => [name, (cpu.get(name) ?? 0) / repeated / runs] as const);
  return Object.fromEntries(each.map(([name, value]) => [name, Number(value.toFixed(3))]));
};
