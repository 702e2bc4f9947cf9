import * as z from 'zod/mini';
import { decodeRanges, type DeliveryResult, type Undelivered } from './dispatch.ts';
import { sendBytes, sqsJson, type Message } from './message.ts';
import { bodyKeys, type MessageStore } from './offload.ts';
import { maxBatchBytes, type Outgoing } from './queue-sender.ts';

/** What the undelivered queue holds, as JSON: a message, and the sessions that did not get it. */
export const deadLetterSchema = z.object({
  /** Why: an error's name or SQS's code. */
  reason: z.string(),
  /** Epoch milliseconds. */
  deadLetteredAt: z.int(),
  messageId: z.string(),
  /** Epoch milliseconds. */
  sentAt: z.int(),
  accountId: z.int(),
  body: z.exactOptional(z.string()),
  /** In place of a body that is too large for SQS, or that could not be read: its key in the bucket of messages. */
  bodyKey: z.exactOptional(z.string()),
  /** None when the message is for all that its body names. */
  targets: z.array(z.object({ accountId: z.int(), sessionId: z.string(), queueUrl: z.string() })),
});
export type DeadLetter = z.output<typeof deadLetterSchema>;

/** A message and the sessions that did not get it for the same reason; no sessions stand for all that it names. */
export interface Unsent {
  readonly index: number;
  readonly sessions: Undelivered['sessions'];
  readonly reason: string;
}

/** The messages of a dispatch that failed, for all that they name. Some sessions may have got them. */
export const wholeMessages = (messages: readonly Message[], reason: string): Unsent[] =>
  messages.map((_, index) => ({ index, sessions: [], reason }));

/** What a delivery left, message by message and reason by reason, in stream order. */
export const unsentOf = ({ undelivered }: DeliveryResult): Unsent[] => {
  const found = new Map<string, Unsent>();
  for (const { messages, sessions, reason } of undelivered) {
    for (const index of decodeRanges(messages)) {
      const key = `${index} ${reason}`;
      const known = found.get(key);
      if (known) known.sessions.push(...sessions);
      else found.set(key, { index, sessions: [...sessions], reason });
    }
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
};

export interface DeadLetterSource {
  readonly messages: readonly Message[];
  /** What queue URLs begin with. */
  readonly base: string;
  readonly bodies: ReadonlyMap<number, string>;
  readonly store: Pick<MessageStore, 'putDeadLetter'>;
  /** Epoch milliseconds. */
  readonly deadLetteredAt: number;
}

/** The body of a dead letter, or where it is. */
type Body = Pick<DeadLetter, 'body' | 'bodyKey'>;

interface EntrySource extends Body, Pick<DeadLetterSource, 'base' | 'deadLetteredAt'> {
  readonly message: Message;
}

const entryOf = (
  unsent: Unsent,
  position: number,
  { message, base, deadLetteredAt, ...body }: EntrySource,
): Outgoing => {
  const { messageId, sentAt, accountId } = message;
  const deadLetter: DeadLetter = {
    ...{ reason: unsent.reason, deadLetteredAt, messageId, sentAt, accountId },
    ...body,
    targets: unsent.sessions.map(([queue, sessionId]) => ({
      accountId,
      sessionId,
      queueUrl: queue.includes('/') ? queue : base + queue,
    })),
  };
  const text = sqsJson(deadLetter);
  return {
    index: position,
    bytes: sendBytes({ messageId, sentAt, accountId, body: text }),
    entry: { id: String(position), body: text, messageId, sentAt },
  };
};

/**
 * A dead letter as an entry for the undelivered queue, the one at this position. A body with which it is too large for SQS is kept
 * in the bucket of messages.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const deadLetterEntry = async (
  unsent: Unsent,
  position: number,
  source: DeadLetterSource,
): Promise<Outgoing> => {
  const { messages, bodies, store, ...rest } = source;
  const message = messages[unsent.index];
  if (!message) throw new RangeError(`There is no message ${unsent.index}`);
  const entry = (body: Body): Outgoing => entryOf(unsent, position, { message, ...rest, ...body });
  const keys = bodyKeys(message.messageId);
  const body = bodies.get(unsent.index);
  if (body === undefined) return entry({ bodyKey: keys.message });
  const whole = entry({ body });
  if (whole.bytes <= maxBatchBytes) return whole;
  await store.putDeadLetter(message.messageId, body);
  return entry({ bodyKey: keys.deadLetter });
};
