import type { MovableClock } from 'aws-template-emulator';

/** `WORST_CASE=1 npm test`: the tests of the whole service run against AWS's worst documented behaviour. */
export const worstCase = process.env['WORST_CASE'] === '1';

/**
 * How the whole service runs in tests. Retries wait for nothing, except in the worst case, where what they wait for needs time.
 */
export const serviceMode = { worstCase, instantRetries: !worstCase } as const;

/** How often a client makes a call: in the worst case any call may be throttled. */
export const attempts = worstCase ? 10 : 1;

/** Lets everything that was changed hold: attributes of queues and deletions take up to 60 seconds in the worst case. */
export const settle = (clock: Pick<MovableClock, 'advance'>): void => {
  if (worstCase) clock.advance(60_000);
};
