import { memberOf } from '../values.ts';

/** A failure as Retry and Catch see it: `name` is the error's name, the message is the cause. */
export class StateFailure extends Error {
  override readonly name: string;

  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/**
 * Such as a path that finds nothing. The execution fails: Retry and Catch never match it.
 * The specification has States.ParameterPathFailure for a path in Parameters; Step Functions itself gives States.Runtime:
 * https://github.com/floci-io/floci/issues/2521
 */
export const runtimeFailure = (cause: string): StateFailure => new StateFailure('States.Runtime', cause);

/** The failure that a caller's task stands for. What it throws may be an error of another realm, which `instanceof` does not know. */
export const failureOf = (thrown: unknown): StateFailure => {
  if (thrown instanceof StateFailure) return thrown;
  const [name, message] = [memberOf(thrown, 'name'), memberOf(thrown, 'message')];
  const isError = typeof name === 'string' && typeof message === 'string';
  return isError ? new StateFailure(name, message) : runtimeFailure(String(thrown));
};

/** Errors that end an execution even if a retrier or catcher names them. */
const terminal = ['States.Runtime', 'States.DataLimitExceeded'];

/**
 * Whether an ErrorEquals matches an error's name.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: States.ALL matches every error but the
 * terminal ones, States.TaskFailed every error but those and States.Timeout.
 * Assumed: a terminal error is not matched by its own name either.
 */
export const matchesError = (errorEquals: readonly string[], { name }: StateFailure): boolean => {
  if (terminal.includes(name)) return false;
  if (errorEquals.includes(name) || errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && name !== 'States.Timeout';
};
