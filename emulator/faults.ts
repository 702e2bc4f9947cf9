import type { CallPoint, FaultHook, Run } from './calls.ts';
import type { FunctionError } from './lambda/function-error.ts';
import { lambdaFailure, processEnded, timedOut } from './lambda/function-error.ts';
import type { Parameters, Principal } from './service.ts';
import { AwsError } from './service.ts';
import { isList, memberOf } from './values.ts';

/** An error as the faulty part reports it. */
export interface NamedError {
  readonly name: string;
  readonly message: string;
  /** The HTTP status of a call's error. Default: the one of the service's model. */
  readonly status?: number;
}

export type FaultError = NamedError | 'killed' | 'timeout';

/** A failure that a test asks for. */
export interface Fault {
  /** The function it happens to, by its construct: `ResizeImage`. With a call: only when this function makes it. */
  readonly function?: string;
  /** The call it happens to, such as `sqs:CreateQueue`; without one the function's invocation fails. */
  readonly call?: string;
  /** Before the function or the call has any effect, or after it has had all of it. */
  readonly when: 'before' | 'after';
  /**
   * An error by name; `killed`: the function's process ends there; `timeout`: the function times out, and the call is not answered.
   */
  readonly error: FaultError;
  /**
   * For a batch call of SQS, or DeleteIdentities: only the entry at this position fails; a negative position counts from the end. `when`
   * has no effect then, and the error must have a name.
   */
  readonly entry?: number;
  /** For a call of S3: only on objects whose key begins with this. */
  readonly keyPrefix?: string;
  /** How many times it happens. Default: until it is removed. */
  readonly times?: number;
}

/** The effects of a fault on the function that makes the call. */
export interface FaultyFunctions {
  /** The error type of the next function that is killed. */
  readonly exitError: () => string;
  /** The construct of the function that runs with this role; undefined when none does. */
  nameByRole(roleArn: string): string | undefined;
  /** Ends the function's thread. */
  kill(name: string): void;
  /** Ends the function's invocations as timed out. */
  timeOut(name: string): void;
}

interface Pending {
  readonly fault: Fault;
  left: number;
}

const functionFailure = (error: FaultError, { exitError }: FaultyFunctions): FunctionError => {
  if (error === 'killed') return processEnded(exitError(), 'fault', 'killed');
  if (error === 'timeout') return timedOut('fault', 0);
  return lambdaFailure(error.name, error.message);
};

/** The call that faults are compared with. */
interface FaultyCall {
  readonly call: string;
  /** The function that makes it. */
  readonly caller: string | undefined;
  readonly parameters: Parameters;
}

const matches = (fault: Fault, { call, caller, parameters }: FaultyCall): boolean => {
  const { keyPrefix = '' } = fault;
  const { Key = '' } = parameters;
  return fault.call === call && (fault.function ?? caller) === caller && String(Key).startsWith(keyPrefix);
};

/**
 * The answer to a batch with one more entry that failed.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnprocessedIdentityId.html
 */
const withFailure = (answer: object, entry: unknown, code: string | undefined): object => {
  const [member, failure] =
    typeof entry === 'string'
      ? ['UnprocessedIdentityIds', { IdentityId: entry, ErrorCode: code ?? 'InternalServerError' }]
      : ['Failed', { Id: memberOf(entry, 'Id'), SenderFault: false, Code: code ?? 'InternalError' }];
  const failed = memberOf(answer, member);
  return { ...answer, [member]: [...(isList(failed) ? failed : []), failure] };
};

const never = (): Promise<never> => new Promise(() => undefined);

/** The faults that tests have set. */
export class Faults {
  readonly #pending = new Set<Pending>();
  readonly #functions: FaultyFunctions;

  constructor(functions: FaultyFunctions) {
    this.#functions = functions;
  }

  /** Sets a fault; returns how to remove it. */
  add(fault: Fault): () => void {
    if (fault.function === undefined && fault.call === undefined) throw new Error('A fault needs a function or a call');
    const pending = { fault, left: fault.times ?? Infinity };
    this.#pending.add(pending);
    return () => this.#pending.delete(pending);
  }

  /** Runs a function's invocation with the faults that are set for it. @throws FunctionError */
  async invocation(name: string, invoke: () => Promise<string>): Promise<string> {
    if (this.#pending.size === 0) return invoke();
    const isHit = (when: Fault['when']) => (fault: Fault) =>
      fault.call === undefined && fault.function === name && fault.when === when;
    const before = this.#take(isHit('before'));
    if (before) throw functionFailure(before.error, this.#functions);
    const result = await invoke();
    const after = this.#take(isHit('after'));
    if (after) throw functionFailure(after.error, this.#functions);
    return result;
  }

  /** The hooks for Calls. */
  readonly hook =
    (when: Fault['when']): FaultHook =>
    (point) =>
      this.#pending.size === 0 ? undefined : this.#apply(when, this.#callOf(point));

  /** Runs a batch call without the entry that is to fail, and answers that it failed. */
  async batch(point: CallPoint, run: Run): Promise<object> {
    const { service, parameters } = point;
    if (this.#pending.size === 0) return run(parameters);
    const call = this.#callOf(point);
    const fault = this.#take((one) => one.entry !== undefined && matches(one, call));
    const member = service === 'cognito-identity' ? 'IdentityIdsToDelete' : 'Entries';
    const entries = parameters[member];
    if (!fault || !isList(entries)) return run(parameters);
    const failing = entries.at(fault.entry ?? 0);
    const others = entries.filter((entry) => entry !== failing);
    const answer = others.length > 0 ? await run({ ...parameters, [member]: others }) : {};
    return withFailure(answer, failing, typeof fault.error === 'object' ? fault.error.name : undefined);
  }

  /** The function that makes a call; undefined for other callers. */
  #callerOf(principal: Principal): string | undefined {
    return principal.type === 'role' ? this.#functions.nameByRole(principal.roleArn) : undefined;
  }

  #callOf({ service, action, parameters, principal }: CallPoint): FaultyCall {
    return { call: `${service}:${action}`, caller: this.#callerOf(principal), parameters };
  }

  /** Makes the call fail if a fault is set for it. @throws AwsError with the fault's error */
  #apply(when: Fault['when'], call: FaultyCall): Promise<void> | undefined {
    const fault = this.#take((one) => one.entry === undefined && one.when === when && matches(one, call));
    if (!fault) return undefined;
    const { error } = fault;
    const { caller } = call;
    if (typeof error === 'object') throw new AwsError(error.name, error.message, error.status);
    if (caller !== undefined && error === 'killed') this.#functions.kill(caller);
    if (caller !== undefined && error === 'timeout') this.#functions.timeOut(caller);
    return never();
  }

  #take(isHit: (fault: Fault) => boolean): Fault | undefined {
    const pending = [...this.#pending].find(({ fault }) => isHit(fault));
    if (!pending) return undefined;
    pending.left -= 1;
    if (pending.left <= 0) this.#pending.delete(pending);
    return pending.fault;
  }
}
