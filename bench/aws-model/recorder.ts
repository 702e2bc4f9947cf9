import type { CallPoint, Emulator, ExecutionRecord } from 'aws-template-emulator';
import type { EndedCall, Recorded, SeenRun } from './recorded.ts';
import { assemble, lastPart, startsExecution } from './recorded.ts';

/**
 * How executions are recorded. `held`: every call of a function takes some time, and one function of a machine runs at a time, so that the order
 * of calls, and who made them, is seen. `free`: nothing is slowed down; of functions that run many at once the calls are shared equally.
 */
export type RecordingMode = 'held' | 'free';

/** Milliseconds that a call is held: more than a function takes to begin 64 calls. */
const holdTime = 40;

/** The function or machine that makes a call: the session name of its role is its own name. Empty for other callers. */
const callerOf = ({ principal }: Pick<CallPoint, 'principal'>): string =>
  principal.type === 'role' ? principal.sessionName : '';

/** Calls without a signature, whose caller is unknown. */
const isPublic = ({ principal }: CallPoint): boolean => principal.type === 'anonymous';

/** Lambda reads the stream with the role of the function that it runs. */
const isOfLambda = ({ service }: Pick<CallPoint, 'service'>): boolean => service === 'kinesis';

const isInvocation = ({ service, action }: CallPoint): boolean => service === 'lambda' && action === 'Invoke';

interface Run extends SeenRun {
  readonly calls: EndedCall[];
  /** Lets the next run begin. */
  readonly release: () => void;
}

/** Records the executions and calls of a service from when it is made until `take` is called. */
export class Recorder {
  readonly #stops: (() => void)[] = [];
  readonly #prefix: string;
  readonly #executions: ExecutionRecord[] = [];
  readonly #begun = new Map<CallPoint, number>();
  readonly #outside: EndedCall[] = [];
  readonly #batches: { readonly records: number; readonly end: number }[] = [];
  readonly #runs: Run[] = [];
  /** Resolves when the next run may begin. */
  #free: Promise<undefined> = Promise.resolve(undefined);
  readonly #counts = new Map<string, Map<string, number>>();

  constructor(service: Emulator, mode: RecordingMode) {
    this.#prefix = `${service.stackName}-`;
    this.#stops.push(
      service.executions.on((execution) => this.#executions.push(execution)),
      service.calls.on((record) => {
        if (!isOfLambda(record)) this.#count(callerOf(record), `${record.service}:${record.action}`);
      }),
    );
    if (mode === 'free') return;
    this.#stops.push(
      service.interceptors.add('before', '*', (point) => this.#begin(point)),
      service.interceptors.add('after', '*', (point) => {
        this.#end(point);
      }),
    );
  }

  /** A batch of the stream has been finished. */
  batchEnded(records: number): void {
    this.#batches.push({ records, end: performance.now() });
  }

  /** Stops recording. */
  take(): Recorded {
    for (const stop of this.#stops) stop();
    return assemble({
      prefix: this.#prefix,
      executions: this.#executions,
      runs: this.#runs,
      calls: this.#outside,
      batches: this.#batches,
      counts: this.#counts,
    });
  }

  #count(caller: string, call: string): void {
    const counts = this.#counts.get(caller) ?? new Map<string, number>();
    this.#counts.set(caller, counts.set(call, (counts.get(call) ?? 0) + 1));
  }

  async #begin(point: CallPoint): Promise<void> {
    if (isInvocation(point)) return this.#beginRun(point);
    if (isOfLambda(point) || !(isPublic(point) || callerOf(point).startsWith(this.#prefix))) return;
    this.#begun.set(point, performance.now());
    // The functions of the execution have to run meanwhile.
    if (startsExecution(point)) this.#runOf(point)?.release();
    else await new Promise((resolve) => setTimeout(resolve, holdTime));
  }

  async #beginRun({ parameters }: CallPoint): Promise<void> {
    const before = this.#free;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#free = promise;
    await before;
    this.#runs.push({
      functionArn: String(parameters['FunctionName']),
      payload: String(parameters['Payload']),
      calls: [],
      release: () => {
        resolve(undefined);
      },
    });
  }

  /** The run that makes a call: the one under way for a call that nobody signed. */
  #runOf(point: CallPoint): Run | undefined {
    if (isPublic(point)) return this.#runs.at(-1);
    return this.#runs.findLast(({ functionArn }) => lastPart(functionArn) === callerOf(point));
  }

  #end(point: CallPoint): void {
    const { parameters } = point;
    if (isInvocation(point)) {
      const isOf = ({ functionArn, payload }: Run): boolean =>
        functionArn === parameters['FunctionName'] && payload === parameters['Payload'];
      this.#runs.findLast(isOf)?.release();
      return;
    }
    const begin = this.#begun.get(point);
    if (begin === undefined) return;
    this.#begun.delete(point);
    const calls = this.#runOf(point)?.calls ?? this.#outside;
    calls.push({ point, begin, end: performance.now() });
  }
}
