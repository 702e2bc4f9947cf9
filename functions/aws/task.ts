import { Logger } from '@aws-lambda-powertools/logger';
import { Failure, ReportedFailure, UpstreamFailed } from './failures.ts';

/** Where a function logs: a stable code as the message, and fields. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What a function does with its input; narrowing the input is its first step. */
export type Handle<O> = (input: unknown, log: Log) => Promise<O> | O;

/**
 * A function as Lambda runs it: it fails with nothing but a ReportedFailure, and every failure is logged by its name. Only names
 * and places in the code are logged, because what a message quotes could be a key.
 * @param name the function's folder, the service in its logs
 * @param make called once, with the first input; an environment that lacks a variable fails here, by the variable's name
 */
export const task = <O>(
  name: string,
  make: () => Handle<O>,
  log: Log = new Logger({ serviceName: name }),
): ((input: unknown) => Promise<O>) => {
  let handle: Handle<O> | undefined;
  return async (input) => {
    handle ??= make();
    try {
      return await handle(input, log);
    } catch (error) {
      if (error instanceof Failure) {
        log.warn('TASK_REFUSED', { failure: error.name });
        throw new ReportedFailure(error);
      }
      log.error('TASK_BROKEN', describe(error));
      throw new ReportedFailure(new UpstreamFailed('The service failed'));
    }
  };
};

const describe = (error: unknown): { failure: string; at?: string[] } => {
  if (!(error instanceof Error)) return { failure: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { failure: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
};
