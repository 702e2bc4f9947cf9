import { packOutgoing, type Outgoing, type QueueOutcome } from '../dispatch/batch-sending.ts';
import type { Delivery, DeliveryResult, Undelivered } from '../dispatch/dispatch.ts';
import { payloadInFlight, sendsInFlight } from '../dispatch/limits.ts';
import { sendBytes, type Message } from '../dispatch/message.ts';
import { decodeRanges, encodeRanges } from '../dispatch/ranges.ts';

/** What one session's queue is sent. */
export interface Target {
  readonly session: readonly [queue: string, sessionId: string];
  readonly queueUrl: string;
  readonly batches: readonly (readonly Outgoing[])[];
  /** Positions of messages whose body is no longer kept, as ranges. */
  readonly missing: string;
}

/** The positions of a delivery's messages. */
export const indicesOf = ({ groups }: Delivery): Set<number> =>
  new Set(groups.flatMap(({ messages }) => decodeRanges(messages)));

/** A queue's URL from the way a delivery gives it. */
export const queueUrlOf = ({ base }: Delivery, queue: string): string => (queue.includes('/') ? queue : base + queue);

/** Packs a delivery: entries are made once for each message, batches once for each group. */
export const packDelivery = (
  messages: readonly Message[],
  delivery: Delivery,
  bodies: ReadonlyMap<number, string>,
): Target[] => {
  const outgoing = new Map<number, Outgoing>();
  for (const [index, body] of bodies) {
    const message = messages[index];
    if (!message) continue;
    const { messageId, sentAt } = message;
    outgoing.set(index, {
      index,
      bytes: sendBytes(message),
      entry: { id: String(index), body, messageId, sentAt },
    });
  }
  return delivery.groups.flatMap(({ messages: ranges, sessions }) => {
    const indices = decodeRanges(ranges);
    const batches = packOutgoing(indices.flatMap((index) => outgoing.get(index) ?? []));
    const missing = encodeRanges(indices.filter((index) => !outgoing.has(index)));
    return sessions.map((session) => ({ session, queueUrl: queueUrlOf(delivery, session[0]), batches, missing }));
  });
};

/** As many queues at once as the connections and the memory take. */
export const queuesAtOnce = (targets: readonly Target[]): number => {
  const batches = new Set(targets.flatMap((target) => target.batches));
  const largest = Math.max(1, ...[...batches].map((batch) => batch.reduce((sum, { bytes }) => sum + bytes, 0)));
  return Math.max(1, Math.min(sendsInFlight, Math.floor(payloadInFlight / largest)));
};

/** Adds up what became of the targets. Sessions that miss the same messages for the same reason are told together. */
export class Tally {
  #sessions = 0;
  #delivered = 0;
  #gone = 0;
  readonly #undelivered = new Map<string, Undelivered>();

  add({ session, missing }: Target, { accepted, gone, undelivered }: QueueOutcome): void {
    this.#sessions += 1;
    this.#delivered += accepted.length;
    if (gone) this.#gone += 1;
    else if (missing !== '') this.#miss(session, missing, 'The body is no longer kept');
    for (const { messages, reason } of undelivered) this.#miss(session, messages, reason);
  }

  result(): DeliveryResult {
    const undelivered = [...this.#undelivered.values()];
    return { sessions: this.#sessions, delivered: this.#delivered, gone: this.#gone, undelivered };
  }

  #miss(session: Target['session'], messages: string, reason: string): void {
    const key = `${messages} ${reason}`;
    const known = this.#undelivered.get(key);
    if (known) known.sessions.push(session);
    else this.#undelivered.set(key, { messages, sessions: [session], reason });
  }
}
