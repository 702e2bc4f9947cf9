/** `sqs-browser/debug`: a log for the option `debug` of `connect`, which the page's user switches on. */
import type { Environment, Log } from 'sqs-browser/client';

/** Whether the page's user asked for the log, as with the package `debug`: localStorage.debug = 'sqs-browser'. */
const isAskedFor = (environment: Environment): boolean => {
  try {
    return /\*|sqs-browser/.test((environment.document && environment.localStorage?.getItem('debug')) ?? '');
  } catch {
    return false;
  }
};

/** Returns a log that writes to the console when `localStorage.debug` has `sqs-browser` or `*` in it. */
export const debugLog = (environment: Environment = globalThis): Log => {
  if (!isAskedFor(environment)) return () => undefined;
  return (what, details = '') => {
    environment.console?.debug('sqs-browser', what, details);
  };
};
