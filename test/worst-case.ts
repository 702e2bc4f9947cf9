import type { SQSClient } from '@aws-sdk/client-sqs';
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
export const attempts = worstCase ? 10 : 1;

/** What a call is told that comes too often, or when a service is in trouble: nothing about who made it. */
export const saysTryAgain = ({ name }: Error): boolean =>
  /^(?:TooManyRequests|RequestThrottled|OverLimit|Throttling|IDPCommunicationError|ProvisionedThroughput)/.test(name);

/**
 * Has a client of the worst case do what every client must, at once and by the clock that can be moved: make a call again that is
 * throttled, and wait the second that a new queue needs (CreateQueue in SQS's API reference). The SDK's own retries wait for real.
 */
export const tryAgain = (client: SQSClient, clock: Pick<MovableClock, 'advance'>): SQSClient => {
  client.middlewareStack.add(
    (next) => async (call) => {
      let mayBeNew = worstCase;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(call);
        } catch (error) {
          if (!(error instanceof Error) || attempt >= attempts) throw error;
          const isNew = mayBeNew && error.name === 'QueueDoesNotExist';
          if (!isNew && !saysTryAgain(error)) throw error;
          mayBeNew &&= !isNew;
          if (isNew) clock.advance(1_000);
        }
      }
    },
    { step: 'initialize' },
  );
  return client;
};

/** Lets everything that was changed hold: attributes of queues and deletions take up to 60 seconds in the worst case. */
export const settle = (clock: Pick<MovableClock, 'advance'>): void => {
  if (worstCase) clock.advance(60_000);
};
