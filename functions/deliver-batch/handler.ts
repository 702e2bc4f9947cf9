import * as z from 'zod/mini';
import { task, type Log } from '../aws/task.ts';
import { sendsInFlight } from '../dispatch/limits.ts';
import { openDynamoDb, openSqs } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { sendToQueue } from '../dispatch/batch-sending.ts';
import { loadBodies } from '../dispatch/bodies.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import { deliverySchema, type DeliveryResult } from '../dispatch/dispatch.ts';
import { readInput } from '../aws/input.ts';
import { messageSchema } from '../dispatch/message.ts';
import { createMessageStore } from '../dispatch/message-store.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { sendBatch } from '../dispatch/send-batch.ts';
import { indicesOf, packDelivery, queuesAtOnce, Tally } from './deliveries.ts';

export interface Dependencies {
  readonly sqs: ReturnType<typeof openSqs>;
  readonly dynamoDb: ReturnType<typeof openDynamoDb>;
  readonly measures: Measures;
  readonly logger: Pick<Log, 'warn'>;
  readonly now: () => number;
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
}

const inputSchema = z.object({ messages: z.array(messageSchema), delivery: deliverySchema });

/** Milliseconds after which nothing more is begun; with a last call's two attempts it ends before its 33 seconds. */
const sendingTime = 15_000;

/**
 * Sends each session its messages. What cannot be delivered, also for want of time, is answered with the reason.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when the bodies of large messages cannot be read
 */
export const handle =
  (
    { sqs, dynamoDb, measures, logger, now, delay, random }: Dependencies,
    environment: Environment<'messageTableName'>,
  ) =>
  async (input: unknown): Promise<DeliveryResult> => {
    const sending = {
      send: sendBatch.bind(undefined, sqs),
      delay,
      now,
      random,
      deadline: now() + sendingTime,
    };
    const { messages, delivery } = readInput(inputSchema, input);
    const store = createMessageStore(dynamoDb, environment.messageTableName);
    const targets = packDelivery(messages, delivery, await loadBodies(messages, indicesOf(delivery), store));
    const tally = new Tally();
    await forEachAtOnce(targets, queuesAtOnce(targets), async (target) => {
      const outcome = await sendToQueue(target.queueUrl, target.batches, sending);
      const acceptedAt = now();
      for (const { entry } of outcome.accepted) measures.deliveryLatency(acceptedAt - entry.sentAt);
      tally.add(target, outcome);
    });
    const result = tally.result();
    measures.count('messagesDelivered', result.delivered);
    measures.count('queuesGone', result.gone);
    measures.publish();
    for (const { messages: positions, sessions, reason } of result.undelivered) {
      logger.warn('MESSAGES_UNDELIVERED', { messages: positions, sessions: sessions.length, reason });
    }
    return result;
  };

export const handler = task('deliver-batch', ['messageTableName'], ({ environment, log, ...host }) =>
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
