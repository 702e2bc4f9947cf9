import * as z from 'zod/mini';
import { Failure, UpstreamUnavailable } from '../aws/errors.ts';
import { readInput } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import { deadLetterEntry, unsentOf, wholeMessages } from '../dispatch/dead-letters.ts';
import {
  addDeliveries,
  nothingDelivered,
  openDeliveryTools,
  readDelivery,
  type DeliveryTools,
} from '../dispatch/deliver.ts';
import { deliveryResultSchema, deliverySchema, type DeliveryResult } from '../dispatch/dispatch.ts';
import { messageSchema } from '../dispatch/message.ts';
import { loadBodies, type MessageStore } from '../dispatch/offload.ts';
import { packBatches, sendToQueue, type Outgoing } from '../dispatch/queue-sender.ts';

interface Dependencies extends DeliveryTools {
  readonly undeliveredQueueUrl: string;
}

const inputSchema = z.object({
  state: z.object({
    messages: z.array(messageSchema),
    /** Absent when a dispatch failed for which nobody waits: then each message is for all that it names. */
    delivery: z.exactOptional(deliverySchema),
    /** Absent when the delivery failed as a whole: then nothing of it is known to be delivered. */
    result: z.exactOptional(deliveryResultSchema),
    failure: z.exactOptional(z.object({ Error: z.string() })),
  }),
});
type State = z.output<typeof inputSchema>['state'];

/** Milliseconds after which nothing more is begun; a retry then sends all of it again. */
const sendingTime = 15_000;

/**
 * Puts what could not be delivered into the undelivered queue: one dead letter for each message and reason.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when not all of it could be put there
 */
export const handle =
  ({ undeliveredQueueUrl, ...tools }: Dependencies) =>
  async (input: unknown): Promise<DeliveryResult> => {
    const { store, measures, log, now } = tools;
    const sending = { ...tools, deadline: now() + sendingTime };
    const { state } = readInput(inputSchema, input);
    const { messages } = state;
    const result = await resultOf(state, tools);
    const unsent = state.delivery ? unsentOf(result) : wholeMessages(messages, reasonOf(state));
    const indices = unsent.map(({ index }) => index);
    const bodies = await loadBodies(messages, indices, state.delivery ? store : lastResort(store));
    const source = { messages, base: result.base, bodies, store, deadLetteredAt: now() };
    const outgoing: Outgoing[] = [];
    for (const [position, each] of unsent.entries()) outgoing.push(await deadLetterEntry(each, position, source));
    const batches = packBatches(outgoing, ({ bytes }) => bytes);
    const outcome = await sendToQueue({ url: undeliveredQueueUrl, isNew: false }, batches, sending);
    const refused = outcome.gone ? 'the queue does not exist' : outcome.undelivered[0]?.reason;
    if (refused !== undefined) throw new UpstreamUnavailable(`Not all dead letters could be sent: ${refused}`);
    const deadLettered = unsent.reduce((sum, { sessions }) => sum + Math.max(1, sessions.length), 0);
    log.warn('MESSAGES_DEAD_LETTERED', {
      deadLettered,
      reason: unsent[0]?.reason,
      messageIds: [...new Set(unsent.flatMap(({ index }) => messages[index]?.messageId ?? []))],
    });
    measures.count('messagesDeadLettered', deadLettered);
    measures.publish();
    return { ...result, deadLettered, undelivered: [] };
  };

/**
 * Nobody sends these messages again, as the router does: a body that cannot be read stays in the bucket, and the dead letter says
 * where.
 */
const lastResort = (store: MessageStore): Pick<MessageStore, 'bodyOf'> => ({
  bodyOf: async (message) => {
    try {
      return await store.bodyOf(message);
    } catch (failure) {
      if (failure instanceof Failure) return undefined;
      throw failure;
    }
  },
});

const reasonOf = ({ failure }: State): string => failure?.Error ?? 'Unknown';

/** The result of the delivery. Of one that failed as a whole, or in its rest, the recipients are read once more. */
const resultOf = async (state: State, tools: DeliveryTools): Promise<DeliveryResult> => {
  const { messages, delivery, result, failure } = state;
  if (result && !(result.rest && failure)) return result;
  if (!delivery) return nothingDelivered([], reasonOf(state));
  if ('result' in delivery) return delivery.result;
  const range = result?.rest ?? delivery;
  const { recipients, found } = await readDelivery(messages, range, tools);
  const left = { ...nothingDelivered(recipients, reasonOf(state)), ...found };
  return result ? addDeliveries(result, left) : left;
};

export const handler = task(
  'send-dead-letters',
  ['sessionTableName', 'messageBucketName', 'undeliveredQueueUrl'],
  (tools) => handle({ ...openDeliveryTools(tools), undeliveredQueueUrl: tools.environment.undeliveredQueueUrl }),
);
