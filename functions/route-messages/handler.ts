import * as z from 'zod/mini';
import { readInput } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import { deliver, openDeliveryTools, type DeliveryTools } from '../dispatch/deliver.ts';
import { DeliveryPlan } from '../dispatch/delivery-plan.ts';
import {
  addReceived,
  addResults,
  answerOf,
  logDispatch,
  progressSchema,
  type Answer,
  type Cursor,
  type Delivery,
  type Progress,
} from '../dispatch/dispatch.ts';
import { carryAll } from '../dispatch/offload.ts';
import { Recipients, type NamedMessages } from '../dispatch/recipients.ts';
import { readRecipients, type RecipientReader } from '../dispatch/session-index.ts';
import { beginDispatch, dispatchInputSchema } from './begin-dispatch.ts';

const inputSchema = z.object({
  dispatch: z.union([progressSchema, dispatchInputSchema]),
  /** The execution's name. */
  execution: z.string(),
});

/** Milliseconds of reading, and of sending after it, that together stay within the function's 28 seconds. */
const readingTime = 8_000;
const sendingTime = 10_000;

/** The state of the machine: deliveries to make, or an answer when all of it is delivered. */
export type Routed = (Progress & { readonly deliveries: readonly Delivery[] }) | { readonly answer: Answer };

/**
 * Finds the recipients of messages. Sends to them when they are few, otherwise plans the deliveries that do.
 * @throws InvalidRequest, MessageTooLarge, Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const handle =
  (tools: DeliveryTools) =>
  async (input: unknown): Promise<Routed> => {
    const { measures, now, log } = tools;
    const { dispatch, execution } = readInput(inputSchema, input);
    const begun = 'deadline' in dispatch ? dispatch : beginDispatch(dispatch, { ...tools, execution });
    const { cursor: from = { query: 0 }, ...progress } = begun;
    const { messages } = progress;
    // A notify call's message is whole up to here: with few recipients its body is never kept, however large it is.
    const carried = async (): Promise<typeof progress> =>
      'notify' in dispatch ? { ...progress, messages: await carryAll(messages, tools.store) } : progress;
    const reader = { ...tools, recipients: new Recipients(messages) };
    const { plan, cursor } = await planFrom(from, reader, now() + readingTime);
    measures.count('messagesReceived', 'notify' in dispatch ? 1 : 0);
    measures.count('sessionsTargeted', plan.found);
    measures.count('messagesRouted', cursor ? 0 : messages.length);
    const totals = addReceived(progress.totals, plan.received());
    if (cursor || !plan.isForFew()) {
      measures.publish();
      return { ...(await carried()), totals, ...(cursor && { cursor }), deliveries: plan.deliveries(from) };
    }
    const { result } = await deliver(messages, plan.few(), tools, { deadline: now() + sendingTime });
    measures.publish();
    if (result.undelivered.length > 0) return { ...(await carried()), totals, deliveries: [{ result }] };
    const sum = addResults(totals, [result]);
    logDispatch(log, messages, sum);
    return { answer: answerOf(messages, sum) };
  };

interface Planned {
  readonly plan: DeliveryPlan;
  /** Where to go on, unless that was all. */
  readonly cursor?: Cursor;
}

/** Plans until the plan is full or the time is up. Reads the sessions first, unless many are named one by one. */
const planFrom = async (from: Cursor, reader: RecipientReader, deadline: number): Promise<Planned> => {
  const unread = planUnread(reader.recipients.namedFrom(from.query));
  if (!unread.plan.isForFew()) return unread;
  const plan = new DeliveryPlan();
  for await (const { recipients, next } of readRecipients(reader, { from })) {
    for (const recipient of recipients) {
      plan.add(recipient);
      if (plan.isFull()) return { plan, cursor: recipient.after };
    }
    if (next && reader.now() > deadline) return { plan, cursor: next };
  }
  return { plan };
};

/** Plans deliveries that read the sessions themselves. */
const planUnread = (named: readonly NamedMessages[]): Planned => {
  const plan = new DeliveryPlan();
  for (const each of named) {
    plan.addUnread(each);
    if (plan.isFull()) return { plan, cursor: each.after };
  }
  return { plan };
};

export const handler = task('route-messages', ['sessionTableName', 'messageBucketName'], (tools) =>
  handle(openDeliveryTools(tools)),
);
