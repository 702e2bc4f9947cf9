import type { Access } from './access/index.ts';
import type { Action, Call, CallRecord, Parameters, Permission, Principal, Service } from './service.ts';
import { AwsError } from './service.ts';

/** A call, as hooks see it. */
export interface CallPoint {
  readonly service: string;
  readonly action: string;
  readonly parameters: Parameters;
  readonly principal: Principal;
}

/** Runs an action on parameters. */
export type Run = (parameters: Parameters) => Promise<object> | object;

/** May throw an AwsError (the caller gets it), or wait. */
export type FaultHook = (point: CallPoint) => Promise<void> | void;

export interface CallHooks {
  hook(when: 'before' | 'after'): FaultHook;
}

export interface CallsOptions {
  readonly services: readonly Service[];
  readonly access: Access;
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  /** `before` runs after the permissions were checked; `after` when the action has taken effect, before its answer goes out. */
  readonly hooks?: readonly CallHooks[] | undefined;
  /** Runs the action, or part of it. */
  readonly aroundRun?: ((point: CallPoint, run: Run) => Promise<object> | object) | undefined;
}

/** Runs all calls: those that arrive by HTTP, and the emulator's own. */
export interface Calls {
  /** @throws AwsError UnknownOperationException for a service or an action that the emulator does not have. */
  find(service: string, action: string): Action;
  /**
   * Checks the caller's permissions, runs the action and records the call.
   * @throws AwsError as AWS refuses the call, or UnknownOperationException for an action that the emulator does not have.
   */
  run(service: string, action: string, parameters: Parameters, call: Call): Promise<object>;
  /** Every action the emulator has, as `sqs:CreateQueue`, sorted. */
  readonly supported: readonly string[];
}

/** The signal of a call that nobody aborts, such as the emulator's own. */
export const neverAborted: AbortSignal = new AbortController().signal;

const asIs: NonNullable<CallsOptions['aroundRun']> = ({ parameters }, run) => run(parameters);

const codeOf = (error: unknown): string => (error instanceof AwsError ? error.code : 'InternalFailure');

export const createCalls = (options: CallsOptions): Calls => {
  const { services, access, onCall, hooks = [], aroundRun = asIs } = options;
  const before = hooks.map((each) => each.hook('before'));
  const after = hooks.map((each) => each.hook('after'));
  const actions = new Map(
    services.flatMap(({ name, actions: own }) =>
      Object.entries(own).map(([action, found]) => [`${name}:${action}`, found] as const),
    ),
  );

  const find = (service: string, action: string): Action => {
    const found = actions.get(`${service}:${action}`);
    if (found) return found;
    throw new AwsError('UnknownOperationException', `The emulator does not support ${service}:${action}`);
  };

  const check = (principal: Principal, permissions: readonly Permission[], deny: (error: string) => void): void => {
    try {
      access.authorize(principal, permissions);
    } catch (error) {
      deny(codeOf(error));
      throw error;
    }
  };

  return {
    find,
    run: async (service, name, parameters, call) => {
      const action = find(service, name);
      const { principal } = call;
      const permissions = action.permissions?.(parameters) ?? [];
      const record = (outcome: CallRecord['outcome'], error?: string) =>
        onCall?.({ service, action: name, principal, permissions, outcome, ...(error === undefined ? {} : { error }) });
      check(principal, permissions, (error) => record('denied', error));
      try {
        const point = { service, action: name, parameters, principal };
        for (const hook of before) await hook(point);
        const answer = await aroundRun(point, (given) => action.run(given, call));
        for (const hook of after) await hook(point);
        record('answered');
        return answer;
      } catch (error) {
        record('refused', codeOf(error));
        throw error;
      }
    },
    supported: [...actions.keys()].sort(),
  };
};
