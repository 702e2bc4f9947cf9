import type { PublishAnswer } from '../../../client/shared/publish.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import type { Dispatched, DispatchWait } from '../../../functions/dispatch/dispatch.ts';
import type { Claim, IdempotencyStore, Outcome } from '../../../functions/publish/idempotency-store.ts';
import { handle } from '../../../functions/publish/handler.ts';
import { createDeliveryTools } from '../../tools/delivery-tools.ts';

/** Keys and outcomes in memory, as the table has them. */
export const createKeys = (now: () => number) => {
  const claims = new Map<string, { readonly claim: Claim; readonly expires: number }>();
  const outcomes = new Map<string, Outcome>();
  /** Fails calls by their name, or does something before them. */
  const before: { run: (call: string) => Promise<void> | void } = { run: () => undefined };
  const store: IdempotencyStore = {
    claim: async (key, claim, from) => {
      await before.run('claim');
      const held = claims.get(key);
      if (held && held.expires > now() && held.claim.call !== from?.call) return held.claim;
      claims.set(key, { claim, expires: now() + 300_000 });
      return claim;
    },
    putOutcome: async (call, outcome) => {
      await before.run('putOutcome');
      outcomes.set(call, outcome);
    },
    outcomeOf: async (call) => {
      await before.run('outcomeOf');
      return outcomes.get(call);
    },
  };
  return { store, claims, outcomes, before };
};

/** The publish function with a dispatch and keys of its own; its calls are call-1, call-2 … */
export const createPublishing = () => {
  const under = createDeliveryTools();
  const keys = createKeys(under.tools.now);
  /** The messages of each dispatch, in the order they were begun. */
  const dispatches: (readonly Message[])[] = [];
  const waits: DispatchWait[] = [];
  const machine: { run: (messages: readonly Message[]) => Promise<Dispatched | undefined> | Dispatched | undefined } = {
    run: () => undefined,
  };
  let calls = 0;
  const run = handle({
    ...under.tools,
    keys: keys.store,
    dispatch: async (messages, wait) => {
      dispatches.push(messages);
      waits.push(wait);
      return (await machine.run(messages)) ?? { continued: false };
    },
    newId: () => `call-${(calls += 1)}`,
  });
  const publish = (...events: readonly unknown[]): Promise<PublishAnswer> =>
    run({ body: JSON.stringify({ events }), query: [] }, { getRemainingTimeInMillis: () => 28_000 });
  return { ...under, keys, dispatches, waits, machine, publish };
};

export const event = (message: object, idempotencyKey?: string) => ({
  message: { accountId: 1, ...message },
  ...(idempotencyKey !== undefined && { idempotencyKey }),
});
