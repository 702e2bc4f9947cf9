/** How often an account may make a call: a token bucket for each action, filled on the emulator's clock. */
import type { CallHooks, FaultHook } from './calls.ts';
import type { Clock, EpochMilliseconds } from './clock.ts';
import { AwsError } from './service.ts';

/** Calls a second, by service and action, such as `{ 'cognito-identity:GetId': 150 }`. */
export type Quotas = Readonly<Record<string, number>>;

interface Quota {
  /** Calls a second. Assumed: the bucket, whose size AWS does not name, holds those of one second. */
  readonly rate: number;
  readonly code: string;
}

const cognito = (rate: number): Quota => ({ rate, code: 'TooManyRequestsException' });
const expressStarts: Quota = { rate: 6_000, code: 'ThrottlingException' };

/**
 * AWS's defaults for an account and Region, where AWS states a rate; the error codes are those of the services' models.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (StartExecution of Express workflows)
 */
const defaults: ReadonlyMap<string, Quota> = new Map([
  ['cognito-identity:DeleteIdentities', cognito(10)],
  ['cognito-identity:GetCredentialsForIdentity', cognito(200)],
  ['cognito-identity:GetId', cognito(25)],
  ['cognito-identity:GetOpenIdToken', cognito(200)],
  ['cognito-identity:GetOpenIdTokenForDeveloperIdentity', cognito(50)],
  ['cognito-identity:ListIdentities', cognito(5)],
  ['states:StartExecution', expressStarts],
]);

class Bucket {
  readonly #quota: Quota;
  #tokens: number;
  #filled: EpochMilliseconds;

  constructor(quota: Quota, now: EpochMilliseconds) {
    this.#quota = quota;
    this.#tokens = quota.rate;
    this.#filled = now;
  }

  /** @throws AwsError when the bucket is empty */
  take(call: string, now: EpochMilliseconds): void {
    const { rate, code } = this.#quota;
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#filled) / 1000) * rate);
    this.#filled = now;
    if (this.#tokens < 1) throw new AwsError(code, `Rate exceeded: ${call} is allowed ${rate} times a second`);
    this.#tokens -= 1;
  }
}

/**
 * Refuses calls beyond the account's quotas. The administrator's calls do not count.
 * @param raised quotas that are not AWS's defaults. @throws RangeError for a call without a quota, and for a rate that is not positive
 */
export const limitCalls = (clock: Clock, raised: Quotas): CallHooks => {
  const buckets = new Map([...defaults].map(([call, quota]) => [call, new Bucket(quota, clock.now())]));
  for (const [call, rate] of Object.entries(raised)) {
    const quota = defaults.get(call);
    if (!quota) throw new RangeError(`There is no quota of ${call}; there are ${[...defaults.keys()].join(', ')}`);
    if (!(rate >= 1)) throw new RangeError(`The quota of ${call} is ${rate}, but must be at least 1 a second`);
    buckets.set(call, new Bucket({ ...quota, rate }, clock.now()));
  }
  const before: FaultHook = ({ service, action, principal }) => {
    if (principal.type === 'administrator') return;
    const call = `${service}:${action}`;
    buckets.get(call)?.take(call, clock.now());
  };
  return { hook: (when) => (when === 'before' ? before : () => undefined) };
};
