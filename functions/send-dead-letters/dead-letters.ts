import type { Outgoing } from '../dispatch/batch-sending.ts';
import type { Delivery, DeliveryResult, Undelivered } from '../dispatch/dispatch.ts';
import { sqsJson } from '../dispatch/message-checks.ts';
import { sendBytes, type Message } from '../dispatch/message.ts';
import type { DeadLetter } from '../dispatch/dead-letter.ts';
import { decodeRanges } from '../dispatch/ranges.ts';

/** A message and the sessions that did not get it for the same reason; no sessions stand for all it names. */
export interface Parcel {
  readonly index: number;
  readonly sessions: Undelivered['sessions'];
  readonly reason: string;
}

/** What is left of a delivery that failed as a whole: all of it. */
export const nothingDelivered = (delivery: Delivery | undefined, reason: string): DeliveryResult => {
  const { groups } = delivery ?? { groups: [] };
  const sessions = groups.reduce((sum, group) => sum + group.sessions.length, 0);
  return { sessions, delivered: 0, gone: 0, undelivered: groups.map((group) => ({ ...group, reason })) };
};

/** What is left of a dispatch that failed: its messages, for whomever they name. Some sessions may have got them. */
export const wholeMessages = (messages: readonly Message[], reason: string): Parcel[] =>
  messages.map((_, index) => ({ index, sessions: [], reason }));

/** One parcel for each message and reason, in stream order. */
export const parcels = (undelivered: readonly Undelivered[]): Parcel[] => {
  const found = new Map<string, Parcel>();
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

export interface Source {
  readonly messages: readonly Message[];
  readonly delivery: Delivery | undefined;
  readonly bodies: ReadonlyMap<number, string>;
  /** Epoch milliseconds. */
  readonly parkedAt: number;
}

/** A parcel as an entry for the undelivered queue, the one at this position. */
export const parkedOutgoing = (parcel: Parcel, position: number, source: Source): Outgoing => {
  const { messages, delivery, bodies, parkedAt } = source;
  const { index, sessions, reason } = parcel;
  const message = messages[index];
  if (!message) throw new RangeError(`There is no message ${index}`);
  const { messageId, sentAt, accountId } = message;
  const body = bodies.get(index);
  const deadLettered: DeadLetter = {
    reason,
    parkedAt,
    messageId,
    sentAt,
    accountId,
    ...(body !== undefined && { body }),
    targets: sessions.map(([queue, sessionId]) => ({
      accountId,
      sessionId,
      queueUrl: queue.includes('/') ? queue : (delivery?.base ?? '') + queue,
    })),
  };
  const text = sqsJson(deadLettered);
  return {
    index: position,
    bytes: sendBytes({ messageId, sentAt, accountId, body: text }),
    entry: { id: String(position), body: text, messageId, sentAt },
  };
};
