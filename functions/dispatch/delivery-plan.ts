import type { Cursor, Range } from './dispatch.ts';
import { jsonBytes } from './message.ts';
import type { MessageList, NamedMessages } from './recipients.ts';
import type { Recipient } from './session-index.ts';

/** The minimum of SendMessageBatch calls for which an invocation is worth it, and the maximum of a delivery. */
const minDeliverySends = 25;
const maxDeliverySends = 500;

/** Bytes that one delivery sends, unless a single session gets more: a few seconds' worth of network. */
const maxDeliveryPayload = 50 * 1024 * 1024;

/** Bytes, as JSON, of the result of a delivery that could deliver nothing: it names each session. */
export const maxDeliveryBytes = 64 * 1024;

/** Deliveries that the machine runs at once: MaxConcurrency of its Map. */
const deliveriesAtOnce = 40;

/** Deliveries in a plan. */
export const maxPlanDeliveries = 200;

/**
 * Bytes that the deliveries of one plan may have as JSON. With the messages and the results of the deliveries they make up a
 * state of the machine, which stays below 200 KiB; Step Functions ends an execution at 256 KiB.
 */
export const maxPlanBytes = 72 * 1024;

/** Bytes that Route Messages sends by itself. */
const maxDirectPayload = 4 * 1024 * 1024;

interface Limits {
  readonly sends: number;
  readonly payload: number;
  readonly bytes: number;
}

/** The largest delivery. */
const maxDelivery: Limits = { sends: maxDeliverySends, payload: maxDeliveryPayload, bytes: maxDeliveryBytes };

/** The parts that deliveries are made of. They are small, so that deliveries have about the same size. */
const maxPart: Limits = { sends: minDeliverySends / 5, payload: maxDeliveryPayload / 10, bytes: maxDeliveryBytes / 10 };

interface Extent {
  sends: number;
  payload: number;
  /** Of the result as JSON. */
  bytes: number;
  sessions: number;
}

/** Consecutive recipients that end at a cursor. */
interface Part extends Extent {
  end: Cursor;
}

/**
 * Divides recipients into deliveries of about the same size: as many as the machine runs at once, if each has something to do,
 * and more only when they would take too long.
 */
export class DeliveryPlan {
  readonly #parts: Part[] = [];
  readonly #lists = new Set<MessageList>();
  /** All of them, as long as they are few. */
  #few: Recipient[] = [];
  readonly #total: Extent = nothing();
  /** The last of the largest possible deliveries, and what those before it take as JSON. */
  #largest: Extent = nothing();
  #count = 1;
  #isUnread = false;
  #bytes = 0;

  add(recipient: Recipient): void {
    const { session, messages, after } = recipient;
    const isNewList = !this.#lists.has(messages);
    this.#lists.add(messages);
    this.#extend(after, extentOf(messages, bytesOf(session) + (isNewList ? listBytes(messages) : 0)));
    if (this.isForFew()) this.#few.push(recipient);
    else this.#few = [];
  }

  /** Adds the messages that name a session, before the session is read. */
  addUnread({ sessionId, messages, after }: NamedMessages): void {
    this.#isUnread = true;
    // The result of such a delivery names the messages that it found a session for.
    const bytes = maxQueueNameBytes + stringBytes(sessionId) + 2 * listBytes(messages);
    this.#extend(after, extentOf(messages, bytes));
  }

  #extend(after: Cursor, extent: Extent): void {
    const open = this.#parts.at(-1);
    if (open && fits(open, extent, maxPart)) {
      grow(open, extent);
      open.end = after;
    } else this.#parts.push({ ...extent, end: after });
    grow(this.#total, extent);
    if (fits(this.#largest, extent, maxDelivery)) grow(this.#largest, extent);
    else {
      this.#largest = extent;
      this.#count += 1;
      this.#bytes += rangeBytes(after);
    }
  }

  /** Sessions that were found; none of a plan that was made before they were read. */
  get found(): number {
    return this.#isUnread ? 0 : this.#total.sessions;
  }

  /** Positions of the messages that a session was found for. */
  received(): Set<number> {
    return new Set([...this.#lists].flatMap(({ indices }) => indices));
  }

  /** Whether no more should be added. */
  isFull(): boolean {
    return this.#count >= maxPlanDeliveries || this.#bytes >= maxPlanBytes;
  }

  /** Whether one function sends as fast as several would. */
  isForFew(): boolean {
    return this.#total.sends <= minDeliverySends && this.#total.payload <= maxDirectPayload;
  }

  /** The recipients; none when they are not few. */
  few(): readonly Recipient[] {
    return this.#few;
  }

  /** @param from the cursor before the first recipient */
  deliveries(from: Cursor): Range[] {
    const widest = Math.max(...this.#parts.map(({ end }) => rangeBytes(end)));
    const atOnce = Math.max(1, Math.min(deliveriesAtOnce, Math.floor(maxPlanBytes / 2 / widest)));
    const sends = Math.min(maxDeliverySends, Math.max(minDeliverySends, Math.ceil(this.#total.sends / atOnce)));
    const merged: Part[] = [];
    for (const part of this.#parts) {
      const open = merged.at(-1);
      if (open && fits(open, part, { ...maxDelivery, sends })) {
        grow(open, part);
        open.end = part.end;
      } else merged.push({ ...part });
    }
    return merged.map(({ end, sessions }, index) => ({
      from: merged[index - 1]?.end ?? from,
      to: end,
      sessions,
      ...(this.#isUnread && { unread: true }),
    }));
  }
}

const nothing = (): Extent => ({ sends: 0, payload: 0, bytes: 0, sessions: 0 });

/** Bytes of brackets, names and commas as JSON, with a reserve. */
const overhead = 60;

/** A range as JSON has two cursors of about the same length. */
const rangeBytes = (end: Cursor): number => 2 * jsonBytes(end) + overhead;

/** What a recipient of messages adds to a delivery. */
const extentOf = ({ sends, payload }: MessageList, bytes: number): Extent => ({ sends, payload, bytes, sessions: 1 });

/** A result names a list of messages once. */
const listBytes = ({ ranges }: MessageList): number => overhead + ranges.length;

/** A session as a result names it: by its queue's name and its id. */
const bytesOf = ({ queueUrl, sessionId }: Recipient['session']): number =>
  queueUrl.length - queueUrl.lastIndexOf('/') + stringBytes(sessionId) + 8;

/** The same for a queue whose name is not known yet: SQS allows 80 characters. */
const maxQueueNameBytes = 80 + 9;

const fits = (open: Extent, more: Extent, limits: Limits): boolean =>
  open.sessions === 0 ||
  (open.sends + more.sends <= limits.sends &&
    open.payload + more.payload <= limits.payload &&
    open.bytes + more.bytes <= limits.bytes);

const grow = (open: Extent, more: Extent): void => {
  open.sends += more.sends;
  open.payload += more.payload;
  open.bytes += more.bytes;
  open.sessions += more.sessions;
};

/** Characters that take one byte in JSON and need no escape. */
const plain = /^[ !#-[\]-~]*$/;

const stringBytes = (text: string): number => (plain.test(text) ? text.length + 2 : jsonBytes(text));
