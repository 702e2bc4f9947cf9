import { randomUUID } from 'node:crypto';
import type { PublishAnswer } from '../../client/shared/publish.ts';
import { openDynamoDb, openStepFunctions } from '../aws/clients.ts';
import { Failure } from '../aws/errors.ts';
import { createMeasures } from '../aws/metrics.ts';
import { openS3 } from '../aws/s3-client.ts';
import { task, type Invocation } from '../aws/task.ts';
import { runDispatch } from '../dispatch/dispatch.ts';
import { createMessageStore } from '../dispatch/offload.ts';
import { claimKeys, claimsAtOnce, notTaken, type KeyedEvent, type Ownership } from './claim-keys.ts';
import { createIdempotencyStore } from './idempotency-store.ts';
import { answerRepeats, recordOutcome, sendEvents, type Call, type Sending } from './publish-call.ts';
import { readEvents } from './read-events.ts';

export interface Dependencies extends Sending {
  /** A new id for a call. */
  readonly newId: () => string;
}

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
    await sendEvents(call, dependencies);
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
