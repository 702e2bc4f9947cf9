import { MovableClock } from 'aws-template-emulator';
import type { EmulatorOptions } from 'aws-template-emulator';

/** `WORST_CASE=1 npm test`: the tests of the whole service run against AWS's worst documented behaviour. */
export const worstCase = process.env['WORST_CASE'] === '1';

/** A clock that runs, and by which nothing takes too long: however slow the machine is, nothing times out. */
class ClockWithoutLimits extends MovableClock {
  override limit(): () => void {
    return () => undefined;
  }
}

/** How the whole service runs in the worst case: retries move the clock by what they would have waited. */
export const worstMode = (): Pick<EmulatorOptions, 'clock' | 'instantRetries' | 'worstCase'> => ({
  worstCase: true,
  instantRetries: true,
  clock: new ClockWithoutLimits(),
});

/** How the whole service runs in tests. Retries wait for nothing. */
export const serviceMode = (): Pick<EmulatorOptions, 'clock' | 'instantRetries' | 'worstCase'> =>
  worstCase ? worstMode() : { instantRetries: true };

/** How often a client makes a call: in the worst case any call may be throttled. */
const attempts = worstCase ? 10 : 1;

/** Errors of calls that come too often, or of a service that fails: they do not depend on the caller. */
const again = /^(?:TooManyRequests|RequestThrottled|OverLimit|Throttling|IDPCommunicationError|ProvisionedThroughput)/;

/** What the SDK knows of a call's attempts. */
interface RetryToken {
  readonly getRetryCount: () => number;
  readonly getRetryDelay: () => number;
  /** Whether the call has waited for a new queue. */
  readonly waited: boolean;
}

const tokenOf = (count: number, waited: boolean): RetryToken => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  waited,
});

/**
 * Makes a call once; in the worst case does what every client must, at once and by the clock that can be moved: makes a call again that is
 * throttled, and waits the second that a new queue needs (CreateQueue in SQS's API reference). The SDK's own retries wait for real.
 */
const retryStrategyOf = (clock: Pick<MovableClock, 'advance'>) => ({
  acquireInitialRetryToken: () => Promise.resolve(tokenOf(0, false)),
  refreshRetryTokenForRetry: (token: RetryToken, { error }: { readonly error?: unknown }) => {
    const count = token.getRetryCount() + 1;
    const name = error instanceof Error ? error.name : '';
    const isNew = name === 'QueueDoesNotExist' && !token.waited;
    if (count >= attempts || !(isNew || again.test(name))) return Promise.reject(new Error('No attempt is left'));
    if (isNew) clock.advance(1_000);
    return Promise.resolve(tokenOf(count, token.waited || isNew));
  },
  recordSuccess: () => undefined,
});

/** The options of every client in tests of the whole service: it signs by the clock, and tries again in the worst case alone. */
export const clientOptions = (clock: Pick<MovableClock, 'advance' | 'now'>) => ({
  systemClockOffset: clock.now() - Date.now(),
  retryStrategy: retryStrategyOf(clock),
});

/** Makes a request of the API, in the worst case again while its answer says to try again: 429 and 502, as a backend does. */
export const request = async <Answer extends { readonly status: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (attempt >= attempts || ![429, 502].includes(answer.status)) return answer;
  }
};

/** Lets everything that was changed hold: attributes of queues and deletions take up to 60 seconds in the worst case. */
export const settle = (clock: Pick<MovableClock, 'advance'>): void => {
  if (worstCase) clock.advance(60_000);
};
