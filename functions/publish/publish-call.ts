import type { EventResult } from '../../client/shared/publish.ts';
import { Failure, TimedOut, UpstreamFailed } from '../aws/errors.ts';
import type { Measures } from '../aws/metrics.ts';
import { retry } from '../aws/retry.ts';
import type { Host } from '../aws/task.ts';
import type { Dispatched, DispatchWait } from '../dispatch/dispatch.ts';
import type { InlineMessage, Message } from '../dispatch/message.ts';
import type { MessageStore } from '../dispatch/offload.ts';
import { dispatchInOrder } from '../dispatch/ordered-groups.ts';
import { awaitOthers, notTaken, type Ownership } from './claim-keys.ts';
import type { IdempotencyStore } from './idempotency-store.ts';

/** What a call is sent with. */
export interface Sending extends Host {
  readonly store: MessageStore;
  readonly keys: IdempotencyStore;
  readonly measures: Measures;
  /** Dispatches messages and waits until it is done, or for as long as `wait` says. */
  readonly dispatch: (messages: readonly Message[], wait: DispatchWait) => Promise<Dispatched>;
}

/** A publish call: its events' messages and results by their positions. */
export interface Call {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly start: number;
  /** Ends the waiting shortly before the function is killed. */
  readonly signal: AbortSignal;
  readonly messages: Map<number, InlineMessage>;
  readonly results: Map<number, EventResult>;
}

/** The API answers within 29 seconds. Sessions that are left after this time get their messages later; in milliseconds. */
const answerTime = 20_000;

const noTime = 'The time was up before this event was sent: publish it again';

/** Sends the call's messages. After a failure it does not send later messages for the same sessions, so that their order is kept. */
export const sendEvents = async (
  { messages, results, start, signal }: Call,
  { store, now, dispatch, measures, log }: Sending,
): Promise<void> => {
  const answerBy = start + answerTime;
  const queued = new Set<number>();
  const notDone = await dispatchInOrder(messages, {
    ...{ store, failureEnds: 'group' },
    dispatch: async (batch) => {
      if (now() >= answerBy) throw new TimedOut(noTime);
      const carried = batch.map(({ message }) => message);
      const { continued } = await dispatch(carried, { signal, answerBy });
      if (continued) for (const { position } of batch) queued.add(position);
    },
  });
  for (const [position, { messageId }] of messages) {
    const taken: EventResult = { status: queued.has(position) ? 'queued' : 'sent', messageId };
    results.set(position, notDone.has(position) ? notTaken(failureOf(notDone.get(position))) : taken);
  }
  const idsAt = (positions: Iterable<number>): string[] =>
    Array.from(positions, (position) => messages.get(position)?.messageId ?? '');
  const done = [...messages.keys()].filter((position) => !notDone.has(position));
  measures.count('messagesReceived', done.length);
  if (done.length > 0) log.info('EVENTS_PUBLISHED', { messageIds: idsAt(done), queued: queued.size });
  for (const [reason, positions] of Map.groupBy(
    notDone.keys(),
    (position) => failureOf(notDone.get(position)).message,
  )) {
    log.error('EVENTS_NOT_SENT', { messageIds: idsAt(positions), reason });
  }
};

const failureOf = (failure: unknown): Failure =>
  failure instanceof Failure ? failure : new UpstreamFailed('The service failed');

/** Records what became of the call's events. Without it, a repeat sends them again after a while, under the same ids. */
export const recordOutcome = async ({ id, results }: Call, { keys, log, ...waiting }: Sending): Promise<void> => {
  const having = (status: EventResult['status']): Set<number> =>
    new Set([...results].flatMap(([position, result]) => (result.status === status ? [position] : [])));
  try {
    const outcome = { queued: having('queued'), failed: having('failed') };
    await retry(() => keys.putOutcome(id, outcome), waiting);
  } catch (failure) {
    log.error('OUTCOME_NOT_RECORDED', { call: id, reason: failureOf(failure).message });
  }
};

/** Answers events that another call sends, and those that repeat an event of this one. */
export const answerRepeats = async (
  { results, start }: Call,
  owned: ReadonlyMap<number, Ownership>,
  { keys, ...dependencies }: Sending,
): Promise<void> => {
  const theirs = new Map(
    [...owned].flatMap(([position, ownership]) =>
      ownership.type === 'theirs' ? [[position, ownership.claim] as const] : [],
    ),
  );
  const others = await awaitOthers(theirs, { ...dependencies, store: keys }, start + answerTime);
  for (const [position, result] of others) results.set(position, result);
  for (const [position, ownership] of owned) {
    const first = ownership.type === 'same' ? results.get(ownership.position) : undefined;
    if (first) results.set(position, first);
  }
};
