import * as z from 'zod/mini';
import { readInput } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import { addDeliveries, deliver, openDeliveryTools, readDelivery, type DeliveryTools } from '../dispatch/deliver.ts';
import { deliveryResultSchema, rangeSchema, type DeliveryResult } from '../dispatch/dispatch.ts';
import { messageSchema } from '../dispatch/message.ts';

const inputSchema = z.object({
  messages: z.array(messageSchema),
  delivery: rangeSchema,
  /** Epoch milliseconds; no rest is left after it. */
  deadline: z.exactOptional(z.int()),
  /** The result of the delivery up to now, if it has a rest. */
  result: z.exactOptional(deliveryResultSchema),
});

/** Milliseconds after which no call is begun; with a last call's two attempts it ends before its 33 seconds. */
const sendingTime = 15_000;

/** After this many milliseconds no further recipient is sent anything while the dispatch has time: another invocation delivers the rest. */
const beginTime = 5_000;

/**
 * Reads the recipients of a range and sends them their messages. The result names what was not delivered, and the rest of the range
 * that there was no time for.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when recipients or the bodies of large messages cannot be read
 */
export const handle =
  (tools: DeliveryTools) =>
  async (input: unknown): Promise<DeliveryResult> => {
    const start = tools.now();
    const { messages, delivery, deadline = 0, result: before } = readInput(inputSchema, input);
    const range = before?.rest ?? delivery;
    const { recipients, found } = await readDelivery(messages, range, tools);
    const lastBegin = start < deadline ? start + beginTime : undefined;
    const { result, begun } = await deliver(messages, recipients, tools, { lastBegin, deadline: start + sendingTime });
    tools.measures.publish();
    const from = recipients[begun - 1]?.after ?? range.from;
    const rest = { from, ...(range.to && { to: range.to }), sessions: recipients.length - begun };
    const part = { ...result, ...found, ...(rest.sessions > 0 && { rest }) };
    return before ? addDeliveries(before, part) : part;
  };

export const handler = task('deliver-batch', ['sessionTableName', 'messageBucketName'], (tools) =>
  handle(openDeliveryTools(tools)),
);
