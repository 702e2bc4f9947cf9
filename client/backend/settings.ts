import { fullJitter, type RetryPolicy } from '../shared/backoff.ts';
import { checkNumber } from './checks.ts';
import { checkUrl, findKinesisUrl, findRegion } from './endpoints.ts';
import type { BackendEnvironment, BackendOptions } from './types.ts';

/** The options of a client, checked and with their defaults. */
export interface Settings {
  readonly apiUrl: string;
  readonly region: string;
  readonly environment: BackendEnvironment;
  readonly attempts: number;
  readonly retry: RetryPolicy;
  readonly timeout: number;
  /** The stream's name and Kinesis's endpoint; undefined without a stream. @throws InvalidRequest when the endpoint is wrong */
  readonly stream: () => { readonly name: string; readonly url: string } | undefined;
}

/** setTimeout's longest delay, milliseconds. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const maxTimeout = 2 ** 31 - 1;

/** Milliseconds. @throws InvalidRequest */
export const checkTimeout = (value: number): number => checkNumber('timeout', value, { min: 1, max: maxTimeout });

const checkAttempts = (value: number): number => checkNumber('attempts', value, { min: 1, max: 100, isInteger: true });

/** @throws InvalidRequest that names the option */
export const readSettings = (options: BackendOptions): Settings => {
  const { environment = globalThis, streamName } = options;
  const apiUrl = checkUrl('apiUrl', options.apiUrl);
  const variables = environment.process?.env ?? {};
  const region = findRegion(options, variables);
  return {
    ...{ apiUrl, region, environment },
    attempts: checkAttempts(options.attempts ?? 4),
    retry: options.retry ?? fullJitter({ base: 200, cap: 5_000 }),
    timeout: checkTimeout(options.timeout ?? 30_000),
    stream: () =>
      streamName ? { name: streamName, url: `${findKinesisUrl(options, region, variables)}/` } : undefined,
  };
};
