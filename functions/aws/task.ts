import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { readEnvironment, type Environment, type EnvironmentKey } from './environment.ts';
import { Failure, ReportedFailure, UpstreamFailed } from './errors.ts';
import type { Waiting } from './retry.ts';

/** Where a function logs: a stable code as the message, and fields. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What a function uses of its environment; tests pass their own. */
export interface Host extends Waiting {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** What `make` gets: the function's environment variables, and the host. */
export interface Tools<K extends EnvironmentKey> extends Host {
  readonly environment: Environment<K>;
}

/** What functions use of the context that Lambda gives to an invocation. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** What a function does with its input; narrowing the input is its first step. */
export type Handle<O> = (input: unknown, invocation: Invocation) => Promise<O> | O;

/**
 * Makes the handler that Lambda runs. It throws a ReportedFailure and nothing else, and logs each failure by its name. It logs only
 * names and places in the code, because a message could quote a key.
 * @param name the function's folder, the service in its logs
 * @param variables the environment variables it reads; those that are missing are named when it is called
 * @param make called once, while Lambda loads the function: loading has a whole CPU, an invocation a seventh of one
 */
export const task = <K extends EnvironmentKey, O>(
  name: string,
  variables: readonly K[],
  make: (tools: Tools<K>) => Handle<O>,
  host: Host = lambdaHost(name),
): ((input: unknown, invocation: Invocation) => Promise<O>) => {
  const made = attempt(() => make({ ...host, environment: readEnvironment(variables) }));
  return async (input, invocation) => {
    if ('error' in made) throw made.error;
    try {
      return await made.value(input, invocation);
    } catch (error) {
      if (error instanceof Failure) {
        host.log.warn('TASK_REFUSED', { failure: error.name });
        throw new ReportedFailure(error);
      }
      host.log.error('TASK_BROKEN', describe(error));
      throw new ReportedFailure(new UpstreamFailed('The service failed'));
    }
  };
};

const lambdaHost = (name: string): Host => ({
  log: new Logger({ serviceName: name }),
  now: () => Date.now(),
  delay: (milliseconds) => setTimeout(milliseconds),
  random: () => Math.random(),
});

const attempt = <T>(make: () => T): { readonly value: T } | { readonly error: unknown } => {
  try {
    return { value: make() };
  } catch (error) {
    return { error };
  }
};

const describe = (error: unknown): { failure: string; at?: string[] } => {
  if (!(error instanceof Error)) return { failure: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { failure: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
};
