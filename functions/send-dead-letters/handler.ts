import * as z from 'zod/mini';
import { task, type Log } from '../aws/task.ts';
import { sendsInFlight } from '../dispatch/limits.ts';
import { openDynamoDb, openSqs } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { packOutgoing, sendToQueue } from '../dispatch/batch-sending.ts';
import { loadBodies } from '../dispatch/bodies.ts';
import { deliveryResultSchema, deliverySchema, type DeliveryResult } from '../dispatch/dispatch.ts';
import { readInput } from '../aws/input.ts';
import { messageSchema } from '../dispatch/message.ts';
import { createMessageStore } from '../dispatch/message-store.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { sendBatch } from '../dispatch/send-batch.ts';
import { UpstreamUnavailable } from '../aws/errors.ts';
import { nothingDelivered, parcels, parkedOutgoing, wholeMessages } from './dead-letters.ts';

export interface Dependencies {
  readonly sqs: ReturnType<typeof openSqs>;
  readonly dynamoDb: ReturnType<typeof openDynamoDb>;
  readonly measures: Measures;
  readonly logger: Pick<Log, 'warn'>;
  readonly now: () => number;
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
}

const inputSchema = z.object({
  state: z.object({
    messages: z.array(messageSchema),
    /** Absent when a dispatch nobody waits for failed: then each message is deadLettered for whomever it names. */
    delivery: z.exactOptional(deliverySchema),
    /** Absent when the delivery failed as a whole: then nothing of it is known to be delivered. */
    result: z.exactOptional(deliveryResultSchema),
    failure: z.exactOptional(z.object({ Error: z.string() })),
  }),
});

/** Milliseconds after which nothing more is begun; what is left then is deadLettered by a retry. */
const sendingTime = 15_000;

/**
 * Puts what could not be delivered into the undelivered queue, a message there for each message here and reason.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when not all of it could be put there
 */
export const handle =
  (
    { sqs, dynamoDb, measures, logger, now, delay, random }: Dependencies,
    { undeliveredQueueUrl, messageTableName }: Environment<'undeliveredQueueUrl' | 'messageTableName'>,
  ) =>
  async (input: unknown): Promise<DeliveryResult> => {
    const send = sendBatch.bind(undefined, sqs);
    const sending = { send, delay, now, random, deadline: now() + sendingTime };
    const { messages, delivery, result, failure } = readInput(inputSchema, input).state;
    const reason = failure?.Error ?? 'Unknown';
    const { undelivered, ...known } = result ?? nothingDelivered(delivery, reason);
    const parcelled = delivery ? parcels(undelivered) : wholeMessages(messages, reason);
    const store = createMessageStore(dynamoDb, messageTableName);
    const bodies = await loadBodies(
      messages,
      parcelled.map(({ index }) => index),
      store,
    );
    const source = { messages, delivery, bodies, parkedAt: now() };
    const outgoing = parcelled.map((parcel, position) => parkedOutgoing(parcel, position, source));
    const outcome = await sendToQueue(undeliveredQueueUrl, packOutgoing(outgoing), sending);
    const refused = outcome.gone ? 'the queue does not exist' : outcome.undelivered[0]?.reason;
    if (refused !== undefined) throw new UpstreamUnavailable(`Not everything could be deadLettered: ${refused}`);
    const deadLettered = parcelled.reduce((sum, { sessions }) => sum + Math.max(1, sessions.length), 0);
    logger.warn('MESSAGES_PARKED', { deadLettered, reason: parcelled[0]?.reason });
    measures.count('messagesParked', deadLettered);
    measures.publish();
    return { ...known, deadLettered, undelivered: [] };
  };

export const handler = task(
  'send-dead-letters',
  ['undeliveredQueueUrl', 'messageTableName'],
  ({ environment, log, ...host }) =>
    handle(
      {
        ...host,
        logger: log,
        sqs: openSqs({ maxSockets: sendsInFlight }),
        dynamoDb: openDynamoDb({ maxSockets: sendsInFlight }),
        measures: createMeasures(),
      },
      environment,
    ),
);
