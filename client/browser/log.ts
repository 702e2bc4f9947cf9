import type { Environment } from './environment.ts';

/** Gets what happened, and what is to be known about it: no credentials, and not the data of events. */
export type Log = (what: string, details?: unknown) => void;

/** Whether the page's user asked for the log, as with the package `debug`: localStorage.debug = 'sqs-browser'. */
const isAskedFor = (environment: Environment): boolean => {
  try {
    return /\*|sqs-browser/.test((environment.document && environment.localStorage?.getItem('debug')) ?? '');
  } catch {
    return false;
  }
};

export const createLog = (environment: Environment, debug: boolean | Log | undefined): Log => {
  if (typeof debug === 'function') return debug;
  if (!(debug ?? isAskedFor(environment))) return () => undefined;
  return (what, details = '') => {
    environment.console?.debug('sqs-browser', what, details);
  };
};
