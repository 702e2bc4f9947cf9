import * as z from 'zod/mini';
import { readInput } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import { deliver, openDeliveryTools, type DeliveryTools } from '../dispatch/deliver.ts';
import { rangeSchema, type DeliveryResult } from '../dispatch/dispatch.ts';
import { messageSchema } from '../dispatch/message.ts';
import { Recipients } from '../dispatch/recipients.ts';
import { readRange } from '../dispatch/session-index.ts';

const inputSchema = z.object({ messages: z.array(messageSchema), delivery: rangeSchema });

/** Milliseconds after which nothing more is begun; with a last call's two attempts it ends before its 33 seconds. */
const sendingTime = 15_000;

/**
 * Reads the recipients of a range and sends them their messages. The result names what was not delivered, also for want of time.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when recipients or the bodies of large messages cannot be read
 */
export const handle =
  (tools: DeliveryTools) =>
  async (input: unknown): Promise<DeliveryResult> => {
    const deadline = tools.now() + sendingTime;
    const { messages, delivery } = readInput(inputSchema, input);
    const recipients = await readRange({ ...tools, recipients: new Recipients(messages) }, delivery);
    const result = await deliver(messages, recipients, tools, deadline);
    tools.measures.publish();
    return result;
  };

export const handler = task('deliver-batch', ['sessionTableName', 'messageTableName'], (tools) =>
  handle(openDeliveryTools(tools)),
);
