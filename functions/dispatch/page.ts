import type { MessageList } from './recipients.ts';
import type { Delivery } from './dispatch.ts';
import { deliveryLimit, deliveryPayload, deliverySends, pageDeliveries, pageLimit } from './limits.ts';
import { jsonBytes } from './message.ts';

interface OpenDelivery {
  readonly base: string;
  readonly groups: Map<MessageList, (readonly [queue: string, sessionId: string])[]>;
  bytes: number;
  sends: number;
  payload: number;
}

/**
 * A page of deliveries: sessions are added until it is full. A delivery is what one Deliver Batch call does. Sessions
 * with the same messages share their list, and queues are named rather than given by URL.
 */
export class Page {
  readonly #deliveries: OpenDelivery[] = [];
  #bytes = 2;
  sessions = 0;

  /** Adds a session; false when the page is full, and the session is then not in it. The first one always fits. */
  add(session: { readonly sessionId: string; readonly queueUrl: string }, list: MessageList): boolean {
    const nameAt = session.queueUrl.lastIndexOf('/') + 1;
    const open = this.#openFor(list);
    const delivery = open ?? begin(session.queueUrl.slice(0, nameAt));
    const queue = session.queueUrl.startsWith(delivery.base)
      ? session.queueUrl.slice(delivery.base.length)
      : session.queueUrl;
    const group = delivery.groups.get(list);
    const bytes = stringBytes(queue) + stringBytes(session.sessionId) + 4 + (group ? 0 : groupBytes(list));
    const pageBytes = this.#bytes + bytes + (open ? 0 : delivery.bytes);
    const full = pageBytes > pageLimit || (!open && this.#deliveries.length === pageDeliveries);
    if (full && this.sessions > 0) return false;
    if (!open) this.#deliveries.push(delivery);
    if (group) group.push([queue, session.sessionId]);
    else delivery.groups.set(list, [[queue, session.sessionId]]);
    delivery.bytes += bytes;
    delivery.sends += list.sends;
    delivery.payload += list.payload;
    this.#bytes = pageBytes;
    this.sessions += 1;
    return true;
  }

  /** About how many sessions more it takes. */
  room(): number {
    const usual = this.sessions === 0 ? usualBytes : this.#bytes / this.sessions;
    const taken = this.#deliveries.length === pageDeliveries ? pageLimit : this.#bytes;
    return Math.floor(Math.max(0, pageLimit - taken) / usual);
  }

  deliveries(): Delivery[] {
    return this.#deliveries.map(({ base, groups }) => ({
      base,
      groups: [...groups].map(([{ ranges }, sessions]) => ({ messages: ranges, sessions })),
    }));
  }

  #openFor(list: MessageList): OpenDelivery | undefined {
    const open = this.#deliveries.at(-1);
    const fits =
      open &&
      open.bytes + roomForOne <= deliveryLimit &&
      open.sends + list.sends <= deliverySends &&
      open.payload + list.payload <= deliveryPayload;
    return fits ? open : undefined;
  }
}

/** What brackets, names and commas take as JSON, generously. */
const overhead = 40;

/** What a session's identifiers and its list take at most, so that the next one surely fits an open delivery. */
const roomForOne = 4096;

/** What a session takes as long as none is known: a queue's name of 45 characters and a UUID. */
const usualBytes = 95;

/** Characters that take one byte in JSON and need no escape. */
const plain = /^[ !#-[\]-~]*$/;

const begin = (base: string): OpenDelivery => ({
  base,
  groups: new Map(),
  bytes: overhead + base.length,
  sends: 0,
  payload: 0,
});

const groupBytes = (list: MessageList): number => overhead + list.ranges.length;

const stringBytes = (text: string): number => (plain.test(text) ? text.length + 2 : jsonBytes(text));
