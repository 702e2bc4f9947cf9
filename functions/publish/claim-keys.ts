import { createHash } from 'node:crypto';
import type { EventResult } from '../../client/shared/publish.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import { Failure, InvalidRequest, TimedOut } from '../aws/errors.ts';
import { backOff, retry, type Waiting } from '../aws/retry.ts';
import type { Claim, IdempotencyStore, Outcome } from './idempotency-store.ts';

/** An event with an idempotency key, at its position in the call. */
export interface KeyedEvent {
  readonly position: number;
  readonly key: string;
  readonly body: string;
  /** The id it gets when this call is the first to send it. */
  readonly messageId: string;
}

/** Which call sends an event with a key. */
export type Ownership =
  /** This call sends it, under this id. */
  | { readonly type: 'ours'; readonly messageId: string }
  /** An earlier call has sent it, or it was not taken: it gets that result. */
  | { readonly type: 'settled'; readonly result: EventResult }
  /** Another call is sending it. */
  | { readonly type: 'theirs'; readonly claim: Claim }
  /** The event at this position of the same call has the same key. */
  | { readonly type: 'same'; readonly position: number };

export interface Claiming extends Waiting {
  readonly store: IdempotencyStore;
  readonly now: () => number;
  /** The id of this call, and when it has ended at the latest, in epoch milliseconds. */
  readonly call: string;
  readonly callEnds: number;
}

/** Claims under way at once, and as many connections. */
export const claimsAtOnce = 32;

const fingerprintOf = (body: string): string => createHash('sha256').update(body).digest('base64');

/** The result of an event that was not taken for this reason. */
export const notTaken = (failure: Failure): EventResult => ({
  status: failure instanceof InvalidRequest || failure.name === 'MessageTooLarge' ? 'rejected' : 'failed',
  ...failure.answer,
});

const otherEvent = ({ position, key }: KeyedEvent): EventResult =>
  notTaken(
    new InvalidRequest(
      `events[${position}].idempotencyKey`,
      key,
      'another one: within five minutes it was that of another message',
    ),
  );

const resultOf = ({ messageId, position }: Claim, { queued }: Outcome): EventResult => ({
  status: queued.has(position) ? 'queued' : 'sent',
  messageId,
});

/**
 * Claims the keys of events, each for the first event that has it.
 * @returns for each position, which call sends the event
 */
export const claimKeys = async (events: readonly KeyedEvent[], claiming: Claiming): Promise<Map<number, Ownership>> => {
  const owned = new Map<number, Ownership>();
  const firsts = new Map<string, KeyedEvent>();
  for (const event of events) {
    const first = firsts.get(event.key);
    if (!first) firsts.set(event.key, event);
    else if (first.body === event.body) owned.set(event.position, { type: 'same', position: first.position });
    else owned.set(event.position, { type: 'settled', result: otherEvent(event) });
  }
  const outcomes = new Map<string, Promise<Outcome | undefined>>();
  const outcomeOf = (call: string): Promise<Outcome | undefined> => {
    const asked = outcomes.get(call) ?? retry(() => claiming.store.outcomeOf(call), claiming);
    outcomes.set(call, asked);
    return asked;
  };
  await forEachAtOnce([...firsts.values()], claimsAtOnce, async (event) => {
    owned.set(event.position, await claimKey(event, { ...claiming, outcomeOf }));
  });
  return owned;
};

const claimKey = async (
  event: KeyedEvent,
  { outcomeOf, ...claiming }: Claiming & { readonly outcomeOf: (call: string) => Promise<Outcome | undefined> },
): Promise<Ownership> => {
  const { store, now, call, callEnds } = claiming;
  const { position, messageId, key, body } = event;
  const own: Claim = { call, callEnds, position, messageId, fingerprint: fingerprintOf(body) };
  try {
    const held = await retry(() => store.claim(key, own), claiming);
    if (held.fingerprint !== own.fingerprint) return { type: 'settled', result: otherEvent(event) };
    // This is so as well when an attempt made the claim and its answer was lost.
    if (held.call === call) return { type: 'ours', messageId };
    const outcome = await outcomeOf(held.call);
    if (outcome && !outcome.failed.has(held.position)) return { type: 'settled', result: resultOf(held, outcome) };
    if (!outcome && now() < held.callEnds) return { type: 'theirs', claim: held };
    const taken = await retry(() => store.claim(key, { ...own, messageId: held.messageId }, held), claiming);
    return taken.call === call ? { type: 'ours', messageId: taken.messageId } : { type: 'theirs', claim: taken };
  } catch (failure) {
    if (failure instanceof Failure) return { type: 'settled', result: notTaken(failure) };
    throw failure;
  }
};

const underWay = 'Another call with the same idempotencyKey is under way, or has failed: publish it again';

/**
 * Waits for the results of events that other calls send.
 * @param claims by the events' positions in this call
 * @param deadline epoch milliseconds
 */
export const awaitOthers = async (
  claims: ReadonlyMap<number, Claim>,
  { store, now, ...waiting }: Pick<Claiming, 'store' | 'now' | 'delay' | 'random'>,
  deadline: number,
): Promise<Map<number, EventResult>> => {
  const results = new Map<number, EventResult>();
  const calls = Map.groupBy(claims, ([, { call }]) => call);
  await forEachAtOnce([...calls], claimsAtOnce, async ([call, theirs]) => {
    const outcome = await awaitOutcome(call, { store, now, ...waiting }, deadline);
    for (const [position, claim] of theirs) {
      const isTaken = outcome !== undefined && !outcome.failed.has(claim.position);
      results.set(position, isTaken ? resultOf(claim, outcome) : notTaken(new TimedOut(underWay)));
    }
  });
  return results;
};

/** @returns undefined when there is none until the deadline, or it cannot be read */
const awaitOutcome = async (
  call: string,
  { store, now, ...waiting }: Pick<Claiming, 'store' | 'now' | 'delay' | 'random'>,
  deadline: number,
): Promise<Outcome | undefined> => {
  try {
    for (let attempt = 1; now() < deadline; attempt += 1) {
      const outcome = await retry(() => store.outcomeOf(call), waiting);
      if (outcome) return outcome;
      await backOff(attempt, waiting);
    }
    return undefined;
  } catch (failure) {
    if (failure instanceof Failure) return undefined;
    throw failure;
  }
};
