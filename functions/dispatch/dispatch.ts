import * as z from 'zod/mini';
import type { SFNClient } from '../aws/clients.ts';
import { settle, UpstreamUnavailable } from '../aws/errors.ts';
import type { Log } from '../aws/task.ts';
import { messageSchema, type Message } from './message.ts';

/** The last session that was read, as the key that the next read starts after. */
const positionSchema = z.object({ sessionId: z.string(), route: z.string() });
export type Position = z.output<typeof positionSchema>;

/** A position in the recipients of a dispatch: one of its queries, and the last session read in it. */
export const cursorSchema = z.object({
  query: z.int().check(z.nonnegative()),
  after: z.exactOptional(positionSchema),
});
export type Cursor = z.output<typeof cursorSchema>;

const count = z.int().check(z.nonnegative());

/** Sums over the deliveries that are done. */
export const totalsSchema = z.object({
  sessions: count,
  delivered: count,
  deadLettered: count,
  /** Positions, as ranges, of the messages that have had a recipient. */
  received: z.string(),
});
export type Totals = z.output<typeof totalsSchema>;

export const noTotals: Totals = { sessions: 0, delivered: 0, deadLettered: 0, received: '' };

/** Where a further execution continues. */
export const remainderSchema = z.object({ cursor: cursorSchema, totals: totalsSchema });

/** The input of the dispatch machine from the router, from publish, from redrive, and from itself. */
export const messagesInputSchema = z.object({
  messages: z.array(messageSchema).check(z.minLength(1)),
  cursor: z.exactOptional(cursorSchema),
  totals: z.exactOptional(totalsSchema),
  /** When the answer is wanted, in epoch milliseconds: what does not fit the time is then continued by a further execution. */
  answerBy: z.exactOptional(z.int()),
  /** Set when nobody waits for the answer: what does not fit the time is then continued by a further execution. */
  continued: z.exactOptional(z.literal(true)),
});
export type MessagesInput = z.output<typeof messagesInputSchema>;

/** The input from the API. The values are checked when the message is built, so that failures name the field. */
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

/** A dispatch between two plans. */
export const progressSchema = z.object({
  messages: z.array(messageSchema),
  cursor: z.exactOptional(cursorSchema),
  totals: totalsSchema,
  /** Epoch milliseconds; no plan is begun after it. */
  deadline: z.int(),
  /** What becomes of the recipients that are left at the deadline: a further execution sends to them, or the answer has a remainder. */
  atDeadline: z.enum(['continue', 'answer']),
  /** Set when nobody waits for the answer. If the execution fails, its messages become dead letters. */
  continued: z.exactOptional(z.literal(true)),
});
export type Progress = z.output<typeof progressSchema>;

/** Sessions that did not get messages, and why. */
const undeliveredSchema = z.object({
  /** Positions in the dispatch's messages as ranges: `0-99,105`. */
  messages: z.string(),
  /** Name of the queue, or its URL if that has another base, and session id. */
  sessions: z.array(z.readonly(z.tuple([z.string(), z.string()]))),
  reason: z.string(),
});
export type Undelivered = z.output<typeof undeliveredSchema>;

/** Consecutive recipients: after `from`, up to and including `to`, or up to the last one without `to`. */
export const rangeSchema = z.object({
  from: cursorSchema,
  to: z.exactOptional(cursorSchema),
  /** How many there were when the plan was made; of a range that is unread, how many there may be. */
  sessions: count,
  /** Set when the plan was made from the messages alone, which all name sessions: then the delivery tells what it found. */
  unread: z.exactOptional(z.literal(true)),
});
export type Range = z.output<typeof rangeSchema>;

/** The result of one delivery. */
export const deliveryResultSchema = z.object({
  /** Sessions the delivery was for. */
  sessions: count,
  /** Messages accepted by SQS, counted once for each session. */
  delivered: count,
  /** Sessions whose queue no longer exists. */
  gone: count,
  /** Messages that became dead letters, counted once for each session. */
  deadLettered: z.exactOptional(count),
  /** What queue URLs begin with, before the queue's name. */
  base: z.string(),
  undelivered: z.array(undeliveredSchema),
  /** Of a range that was unread: positions, as ranges, of the messages that a session was found for. */
  received: z.exactOptional(z.string()),
  /** The recipients for whom there was no time, and for whom the delivery goes on; they are not counted above. */
  rest: z.exactOptional(rangeSchema),
});
export type DeliveryResult = z.output<typeof deliveryResultSchema>;

/** An item of the machine's Map: recipients for Deliver Batch, or what Route Messages could not deliver by itself. */
export const deliverySchema = z.union([rangeSchema, z.object({ result: deliveryResultSchema })]);
export type Delivery = z.output<typeof deliverySchema>;

/** The machine's output. */
export interface Answer {
  /** When there was one message. */
  readonly messageId?: string;
  /** Sessions found. */
  readonly sessions: number;
  /** Messages accepted by SQS, counted once for each session. */
  readonly delivered: number;
  /** There are sessions left, which a further execution sends to. */
  readonly continued?: true;
  /** There are sessions left: start again with the same messages and with this. */
  readonly remainder?: z.output<typeof remainderSchema>;
}

const outputSchema = z.object({
  continued: z.exactOptional(z.literal(true)),
  remainder: z.exactOptional(remainderSchema),
});

/** How long to wait for a dispatch. */
export interface DispatchWait {
  readonly signal?: AbortSignal;
  /** When the answer is wanted, in epoch milliseconds: a further execution sends to the recipients that are left then. */
  readonly answerBy?: number;
}

/** A dispatch that was waited for. */
export interface Dispatched {
  /** Whether recipients are left, to whom a further execution sends. */
  readonly continued: boolean;
}

/**
 * Dispatches messages and waits until they are delivered or dead-lettered, in as many executions as it takes.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed; UpstreamUnavailable as well when an execution fails
 */
export const runDispatch =
  (client: Pick<SFNClient, 'call'>, stateMachineArn: string) =>
  async (messages: readonly Message[], { signal, answerBy }: DispatchWait = {}): Promise<Dispatched> => {
    let input: MessagesInput = { messages: [...messages], ...(answerBy !== undefined && { answerBy }) };
    for (;;) {
      const parameters = { stateMachineArn, input: JSON.stringify(input) };
      const run = client.call('StartSyncExecution', parameters, signal);
      const { status, error, output } = await settle('states:StartSyncExecution', run);
      if (status !== 'SUCCEEDED') {
        throw new UpstreamUnavailable(`The dispatch ended as ${status ?? 'unknown'}: ${error ?? 'no error given'}`);
      }
      const { continued = false, remainder } = outputSchema.parse(JSON.parse(output ?? ''));
      if (!remainder) return { continued };
      input = { ...input, ...remainder };
    }
  };

/**
 * Starts an execution and does not wait for it.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const startDispatch =
  (client: SFNClient) =>
  async (stateMachineArn: string, input: MessagesInput): Promise<void> => {
    const sent = client.call('StartExecution', { stateMachineArn, input: JSON.stringify(input) });
    await settle('states:StartExecution', sent);
  };

/** Adds results of deliveries to totals. */
export const addResults = (totals: Totals, results: readonly DeliveryResult[]): Totals => {
  const found = results.flatMap(({ received = '' }) => decodeRanges(received));
  return {
    sessions: results.reduce((sum, result) => sum + result.sessions, totals.sessions),
    delivered: results.reduce((sum, result) => sum + result.delivered, totals.delivered),
    deadLettered: results.reduce((sum, result) => sum + (result.deadLettered ?? 0), totals.deadLettered),
    received: addReceived(totals, found).received,
  };
};

/** Adds the positions of messages that have a recipient. */
export const addReceived = (totals: Totals, positions: Iterable<number>): Totals => {
  const all = new Set([...decodeRanges(totals.received), ...positions]);
  return { ...totals, received: encodeRanges([...all].sort((a, b) => a - b)) };
};

/** The answer of a dispatch that is done, or that leaves sessions to others. */
export const answerOf = (
  messages: readonly Message[],
  { sessions, delivered }: Totals,
  left: Pick<Answer, 'continued' | 'remainder'> = {},
): Answer => {
  const only = messages.length === 1 ? messages[0] : undefined;
  return { ...(only && { messageId: only.messageId }), sessions, delivered, ...left };
};

/** Logs what became of a dispatch's messages, by their ids, which are in no session's keys or bodies. */
export const logDispatch = (log: Pick<Log, 'info'>, messages: readonly Message[], totals: Totals): void => {
  const received = new Set(decodeRanges(totals.received));
  const { sessions, delivered, deadLettered } = totals;
  log.info('MESSAGES_DISPATCHED', {
    messageIds: messages.map(({ messageId }) => messageId),
    sessions,
    delivered,
    deadLettered,
    nobody: messages.flatMap(({ messageId }, index) => (received.has(index) ? [] : [messageId])),
  });
};

/** Writes ascending numbers as ranges, `0-99,105`, which take little room in a state. */
export const encodeRanges = (numbers: readonly number[]): string => {
  const ranges: string[] = [];
  let first = 0;
  for (const [position, number] of numbers.entries()) {
    const next = numbers[position + 1];
    if (next === number + 1) continue;
    const start = numbers[first] ?? number;
    ranges.push(start === number ? String(number) : `${start}-${number}`);
    first = position + 1;
  }
  return ranges.join(',');
};

/** Reads what encodeRanges wrote. @throws RangeError for anything else, and for more than 100,000 numbers. */
export const decodeRanges = (text: string): number[] => {
  const numbers: number[] = [];
  for (const range of text === '' ? [] : text.split(',')) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(range);
    const start = Number(match?.[1]);
    const end = Number(match?.[2] ?? match?.[1]);
    if (!match || end < start || start <= (numbers.at(-1) ?? -1) || numbers.length + end - start >= 100_000) {
      throw new RangeError(`Not a list of ranges: ${range}`);
    }
    for (let number = start; number <= end; number += 1) numbers.push(number);
  }
  return numbers;
};
