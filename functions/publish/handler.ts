import { randomUUID } from 'node:crypto';
import type { EventResult, PublishAnswer } from '../../client/shared/publish.ts';
import { openDynamoDb, openStepFunctions } from '../aws/clients.ts';
import { Failure, TimedOut, UpstreamFailed } from '../aws/errors.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { retry } from '../aws/retry.ts';
import { openS3 } from '../aws/s3-client.ts';
import { task, type Host, type Invocation } from '../aws/task.ts';
import { runDispatch, type Dispatched, type DispatchWait } from '../dispatch/dispatch.ts';
import type { InlineMessage, Message } from '../dispatch/message.ts';
import { createMessageStore, type MessageStore } from '../dispatch/offload.ts';
import { dispatchInOrder } from '../dispatch/ordered-groups.ts';
import { awaitOthers, claimKeys, claimsAtOnce, notTaken, type KeyedEvent, type Ownership } from './claim-keys.ts';
import { createIdempotencyStore, type IdempotencyStore } from './idempotency-store.ts';
import { readEvents } from './read-events.ts';

export interface Dependencies extends Host {
  readonly store: MessageStore;
  readonly keys: IdempotencyStore;
  readonly measures: Measures;
  /** Dispatches messages and waits until it is done, or for as long as `wait` says. */
  readonly dispatch: (messages: readonly Message[], wait: DispatchWait) => Promise<Dispatched>;
  /** A new id for a call. */
  readonly newId: () => string;
}

/** A publish call: its events' messages and results by their positions. */
interface Call {
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

/** Milliseconds at the end of an invocation that are reserved for recording the results and answering. */
const timeToEnd = 2_000;

/** After this time a call has ended: its function is killed after 28 seconds, and clocks differ by less than the rest. In milliseconds. */
const callTime = 35_000;

/**
 * Dispatches the events of a publish call, as the router does those of a batch of the stream, and says what became of each. An event
 * with an idempotency key that was sent in the last five minutes is answered as it was then.
 * @throws InvalidRequest, MessageTooLarge when the request as a whole is wrong
 */
export const handle =
  (dependencies: Dependencies) =>
  async (input: unknown, invocation: Invocation): Promise<PublishAnswer> => {
    const { keys, measures, newId, now } = dependencies;
    const events = readEvents(input);
    const call: Call = {
      ...{ id: newId(), start: now(), messages: new Map(), results: new Map() },
      signal: AbortSignal.timeout(Math.max(0, invocation.getRemainingTimeInMillis() - timeToEnd)),
    };
    const keyed: KeyedEvent[] = [];
    for (const [position, event] of events.entries()) {
      if (event instanceof Failure) {
        call.results.set(position, notTaken(event));
        continue;
      }
      const { addressees, body, idempotencyKey: key } = event;
      const messageId = `${call.id}-${position}`;
      call.messages.set(position, { ...addressees, messageId, sentAt: call.start, body });
      if (key !== undefined) keyed.push({ position, key, body, messageId });
    }
    const claiming = { ...dependencies, store: keys, call: call.id, callEnds: call.start + callTime };
    const owned = await claimKeys(keyed, claiming);
    for (const [position, ownership] of owned) applyOwnership(call, position, ownership);
    await send(call, dependencies);
    if ([...owned.values()].some(({ type }) => type === 'ours')) await recordOutcome(call, dependencies);
    await answerRepeats(call, owned, dependencies);
    const results = events.flatMap((_, position) => call.results.get(position) ?? []);
    measures.publish();
    return { notTaken: results.filter((result) => 'error' in result).length, results };
  };

/** Keeps in the call's messages those that it sends, each under the id that the first call gave it. */
const applyOwnership = ({ messages, results }: Call, position: number, ownership: Ownership): void => {
  const message = messages.get(position);
  if (ownership.type === 'ours' && message) messages.set(position, { ...message, messageId: ownership.messageId });
  else messages.delete(position);
  if (ownership.type === 'settled') results.set(position, ownership.result);
};

const noTime = 'The time was up before this event was sent: publish it again';

/** Sends the call's messages. After a failure it does not send later messages for the same sessions, so that their order is kept. */
const send = async (
  { messages, results, start, signal }: Call,
  { store, now, dispatch, measures, log }: Dependencies,
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
const recordOutcome = async ({ id, results }: Call, { keys, log, ...waiting }: Dependencies): Promise<void> => {
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
const answerRepeats = async (
  { results, start }: Call,
  owned: ReadonlyMap<number, Ownership>,
  { keys, ...dependencies }: Dependencies,
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

export const handler = task(
  'publish',
  ['dispatchMachineArn', 'messageBucketName', 'idempotencyTableName'],
  ({ environment, ...host }) => {
    const dynamoDb = openDynamoDb({ maxSockets: claimsAtOnce });
    return handle({
      ...host,
      store: createMessageStore(openS3(), environment.messageBucketName),
      keys: createIdempotencyStore(dynamoDb, environment.idempotencyTableName, host.now),
      measures: createMeasures(),
      dispatch: runDispatch(openStepFunctions(), environment.dispatchMachineArn),
      newId: randomUUID,
    });
  },
);
