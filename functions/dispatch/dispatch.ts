import * as z from 'zod/mini';
import { messageSchema } from './message.ts';

/** Where the next page of sessions begins: at a look-up, and in it after a session. */
export const cursorSchema = z.object({
  lookup: z.int().check(z.nonnegative()),
  after: z.exactOptional(z.object({ sessionId: z.string(), route: z.string() })),
});
export type Cursor = z.output<typeof cursorSchema>;

const count = z.int().check(z.nonnegative());

/** Sums over the pages that are done. */
export const totalsSchema = z.object({ sessions: count, delivered: count });

/** What the dispatch machine is started with by whoever has messages: the router, or itself to go on. */
export const messagesInputSchema = z.object({
  messages: z.array(messageSchema).check(z.minLength(1)),
  cursor: z.exactOptional(cursorSchema),
  totals: z.exactOptional(totalsSchema),
  /** Set when nobody waits for the answer: what does not fit the time is then continued by a further execution. */
  continued: z.exactOptional(z.literal(true)),
});
export type MessagesInput = z.output<typeof messagesInputSchema>;

/** What the API starts it with. The values are checked when the message is built, so that failures name the field. */
export const notifyInputSchema = z.object({
  notify: z.object({
    accountId: z.optional(z.unknown()),
    sessionId: z.optional(z.unknown()),
    userId: z.optional(z.unknown()),
    /** The query's parameters, as pairs of name and value. */
    query: z.optional(z.unknown()),
    /** The POSTed text. */
    body: z.optional(z.unknown()),
  }),
});
export type Notify = z.output<typeof notifyInputSchema>['notify'];

/** A dispatch between two pages. */
export const progressSchema = z.object({
  messages: z.array(messageSchema),
  cursor: z.exactOptional(cursorSchema),
  totals: totalsSchema,
  /** Epoch milliseconds; no page is begun after it. */
  deadline: z.int(),
  /** What happens to the pages that are left at the deadline: a further execution, or a cursor in the answer. */
  atDeadline: z.enum(['continue', 'answer']),
  /** Set when nobody waits for the answer. Should the execution fail, its messages are deadLettered. */
  continued: z.exactOptional(z.literal(true)),
});
export type Progress = z.output<typeof progressSchema>;

const group = {
  /** Positions in the dispatch's messages as ranges: `0-99,105`. */
  messages: z.string(),
  /** Queue and session id. */
  sessions: z.array(z.readonly(z.tuple([z.string(), z.string()]))),
};

/** What one Deliver Batch call does: sessions by the messages they get. */
export const deliverySchema = z.object({
  /** Queue URLs without the queue's name. A queue of another base is given by its whole URL. */
  base: z.string(),
  groups: z.array(z.object(group)),
});
export type Delivery = z.output<typeof deliverySchema>;

/** Sessions that could not get messages, and why. */
const undeliveredSchema = z.object({ ...group, reason: z.string() });
export type Undelivered = z.output<typeof undeliveredSchema>;

/** What came of one delivery. */
export const deliveryResultSchema = z.object({
  /** Sessions the delivery was for. */
  sessions: count,
  /** Messages accepted by SQS, counted once for each session. */
  delivered: count,
  /** Sessions whose queue no longer exists. */
  gone: count,
  /** Messages deadLettered, counted once for each session. */
  deadLettered: z.exactOptional(count),
  undelivered: z.array(undeliveredSchema),
});
export type DeliveryResult = z.output<typeof deliveryResultSchema>;

/** What whoever started the dispatch is told. */
export interface Answer {
  /** When there was one message. */
  readonly messageId?: string;
  /** Sessions found. */
  readonly sessions: number;
  /** Messages accepted by SQS, counted once for each session. */
  readonly delivered: number;
  /** There are sessions left, which a further execution sees to. */
  readonly continued?: true;
  /** There are sessions left: start again with the same messages, this cursor and these totals. */
  readonly cursor?: Cursor;
}
