import { MovableClock } from 'aws-template-emulator';
import type { EmulatorOptions } from 'aws-template-emulator';

/** `WORST_CASE=1 npm test`: the tests of the whole service run against AWS's worst documented behaviour. */
export const worstCase = process.env['WORST_CASE'] === '1';

/** A running clock without time limits: nothing times out, also on a slow machine. */
class ClockWithoutLimits extends MovableClock {
  override limit(): () => void {
    return () => undefined;
  }
}

/** The emulator's options in the worst case: each retry moves the clock by the time that it would have waited. */
export const worstMode = (): Pick<EmulatorOptions, 'clock' | 'instantRetries' | 'worstCase'> => ({
  worstCase: true,
  instantRetries: true,
  clock: new ClockWithoutLimits(),
});

/** The emulator's options in tests of the whole service. Retries do not wait. */
export const serviceMode = (): Pick<EmulatorOptions, 'clock' | 'instantRetries' | 'worstCase'> =>
  worstCase ? worstMode() : { instantRetries: true };

/** Attempts of a client's call. In the worst case any call may be throttled. */
const attempts = worstCase ? 10 : 1;

/** Errors after which a call is made again: it was throttled, or the service failed. */
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
 * Makes a call once. In the worst case it does what every client must: it makes a throttled call again, at once, and it moves the clock by the
 * second that a new queue needs (CreateQueue in SQS's API reference). The SDK's own retries would wait in real time.
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

/** The options of every SDK client in tests of the whole service: it signs with the clock's time, and retries only in the worst case. */
export const clientOptions = (clock: Pick<MovableClock, 'advance' | 'now'>) => ({
  systemClockOffset: clock.now() - Date.now(),
  retryStrategy: retryStrategyOf(clock),
});

/** Makes a request to the API. In the worst case it is made again after 429 and 502, as a backend does. */
export const request = async <Answer extends { readonly status: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (attempt >= attempts || ![429, 502].includes(answer.status)) return answer;
  }
};

/** Waits until changes hold. In the worst case attributes and deletions of queues take up to 60 seconds. */
export const settle = (clock: Pick<MovableClock, 'advance'>): void => {
  if (worstCase) clock.advance(60_000);
};
