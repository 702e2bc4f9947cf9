import { openDynamoDb, openSqs } from '../aws/clients.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { openS3 } from '../aws/s3-client.ts';
import type { Host, Tools } from '../aws/task.ts';
import { isNewQueue } from '../sessions/session-record.ts';
import { decodeRanges, encodeRanges, type DeliveryResult, type Range, type Undelivered } from './dispatch.ts';
import { sendBytes, type Message } from './message.ts';
import { createMessageStore, loadBodies, type MessageStore } from './offload.ts';
import { createSend, packBatches, sendsInFlight, sendToQueue } from './queue-sender.ts';
import type { Outgoing, QueueOutcome, Send } from './queue-sender.ts';
import { Recipients, type MessageList } from './recipients.ts';
import { createFindSessions, readRange, type FindSessions, type Recipient } from './session-index.ts';

/** What the functions that deliver work with. */
export interface DeliveryTools extends Host {
  readonly find: FindSessions;
  readonly store: MessageStore;
  readonly send: Send;
  readonly measures: Measures;
}

export const openDeliveryTools = ({
  environment,
  ...host
}: Tools<'sessionTableName' | 'messageBucketName'>): DeliveryTools => {
  const dynamoDb = openDynamoDb({ maxSockets: sendsInFlight });
  return {
    ...host,
    find: createFindSessions(dynamoDb, environment.sessionTableName),
    store: createMessageStore(openS3(), environment.messageBucketName),
    send: createSend(openSqs({ maxSockets: sendsInFlight })),
    measures: createMeasures(),
  };
};

/** The recipients of a range, and what the result of its delivery tells of them. */
interface Found {
  readonly recipients: readonly Recipient[];
  readonly found: Pick<DeliveryResult, 'received'>;
}

/**
 * Reads the recipients of a range. Those of a range that was unread are counted here, since the plan could not count them.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const readDelivery = async (
  messages: readonly Message[],
  range: Range,
  tools: Pick<DeliveryTools, 'find' | 'now' | 'measures'>,
): Promise<Found> => {
  const recipients = await readRange({ ...tools, recipients: new Recipients(messages) }, range);
  if (!range.unread) return { recipients, found: {} };
  tools.measures.count('sessionsTargeted', recipients.length);
  const positions = new Set(recipients.flatMap(({ messages: { indices } }) => indices));
  return { recipients, found: { received: encodeRanges([...positions].sort((a, b) => a - b)) } };
};

/** The batches for every queue with the same list of messages. */
interface Packed {
  readonly batches: readonly (readonly Outgoing[])[];
  /** Positions of messages whose body is no longer kept, as ranges. */
  readonly missing: string;
}

/** Bytes on their way to SQS at once from one function: a call's body is held about four times over. */
const payloadInFlight = 12 * 1024 * 1024;

/** The time limits of a delivery, in epoch milliseconds. */
export interface DeliveryTime {
  /** After it, no further recipient is sent anything; those that are left are not counted. Default: no limit. */
  readonly lastBegin?: number | undefined;
  /** No call is begun after it. */
  readonly deadline: number;
}

/**
 * Sends recipients their messages, several queues at once. The result names what was not delivered, also for want of time.
 * @returns the result, and how many recipients, from the first on, it is for
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed when the bodies of large messages cannot be read
 */
export const deliver = async (
  messages: readonly Message[],
  recipients: readonly Recipient[],
  tools: Omit<DeliveryTools, 'find'>,
  { lastBegin = Infinity, deadline }: DeliveryTime,
): Promise<{ result: DeliveryResult; begun: number }> => {
  const { store, measures, log, now } = tools;
  const sending = { ...tools, deadline };
  const lists = new Set(recipients.map((recipient) => recipient.messages));
  const bodies = await loadBodies(messages, new Set([...lists].flatMap(({ indices }) => indices)), store);
  const packed = pack(messages, lists, bodies);
  const base = baseOf(recipients[0]?.session.queueUrl ?? '');
  const tally = new Tally(base);
  let begun = 0;
  await forEachAtOnce(recipients, queuesAtOnce([...packed.values()]), async ({ session, messages: list }, index) => {
    if (now() >= lastBegin || begun < index) return;
    begun += 1;
    const { batches, missing } = packed.get(list) ?? { batches: [], missing: '' };
    const queue = { url: session.queueUrl, isNew: isNewQueue(session, now()) };
    const outcome = await sendToQueue(queue, batches, sending);
    const acceptedAt = now();
    for (const { entry } of outcome.accepted) measures.deliveryLatency(acceptedAt - entry.sentAt);
    tally.add(session, missing, outcome);
  });
  const result = tally.result();
  measures.count('messagesDelivered', result.delivered);
  measures.count('queuesGone', result.gone);
  for (const { messages: positions, sessions, reason } of result.undelivered) {
    const messageIds = decodeRanges(positions).flatMap((index) => messages[index]?.messageId ?? []);
    log.warn('MESSAGES_UNDELIVERED', { messageIds, sessions: sessions.length, reason });
  }
  return { result, begun };
};

/** Adds the results of two parts of a delivery, one after the other. */
export const addDeliveries = (first: DeliveryResult, second: DeliveryResult): DeliveryResult => ({
  ...second,
  ...(first.received !== undefined && { received: first.received }),
  sessions: first.sessions + second.sessions,
  delivered: first.delivered + second.delivered,
  gone: first.gone + second.gone,
  undelivered: [...withBase(first, second.base), ...second.undelivered],
});

/** The undelivered messages of a result, with queues named for another base. */
const withBase = ({ base, undelivered }: DeliveryResult, other: string): readonly Undelivered[] => {
  if (base === other) return undelivered;
  const urlOf = (queue: string): string => (queue.includes('/') ? queue : base + queue);
  return undelivered.map(({ sessions, ...each }) => ({
    ...each,
    sessions: sessions.map(([queue, sessionId]) => [urlOf(queue), sessionId] as const),
  }));
};

/** The result of a delivery that delivered nothing. */
export const nothingDelivered = (recipients: readonly Recipient[], reason: string): DeliveryResult => {
  const tally = new Tally(baseOf(recipients[0]?.session.queueUrl ?? ''));
  for (const { session, messages } of recipients) {
    tally.add(session, '', { accepted: [], gone: false, undelivered: [{ messages: messages.ranges, reason }] });
  }
  return tally.result();
};

/** Makes the entries once for each message, and the batches once for each list of messages. */
const pack = (
  messages: readonly Message[],
  lists: ReadonlySet<MessageList>,
  bodies: ReadonlyMap<number, string>,
): Map<MessageList, Packed> => {
  const outgoing = new Map<number, Outgoing>();
  for (const [index, body] of bodies) {
    const message = messages[index];
    if (!message) continue;
    const { messageId, sentAt } = message;
    const entry = { id: String(index), body, messageId, sentAt };
    outgoing.set(index, { index, bytes: sendBytes(message), entry });
  }
  const packed = [...lists].map((list): [MessageList, Packed] => [
    list,
    {
      batches: packBatches(
        list.indices.flatMap((index) => outgoing.get(index) ?? []),
        ({ bytes }) => bytes,
      ),
      missing: encodeRanges(list.indices.filter((index) => !outgoing.has(index))),
    },
  ]);
  return new Map(packed);
};

/** How many queues are sent to at once: as many as the connections and the memory allow. */
const queuesAtOnce = (packed: readonly Packed[]): number => {
  const sizes = packed.flatMap(({ batches }) =>
    batches.map((batch) => batch.reduce((sum, { bytes }) => sum + bytes, 0)),
  );
  const largest = sizes.reduce((max, size) => Math.max(max, size), 1);
  return Math.max(1, Math.min(sendsInFlight, Math.floor(payloadInFlight / largest)));
};

const baseOf = (queueUrl: string): string => queueUrl.slice(0, queueUrl.lastIndexOf('/') + 1);

/** Adds up outcomes. Sessions that did not get the same messages for the same reason are named together. */
class Tally {
  readonly #base: string;
  #sessions = 0;
  #delivered = 0;
  #gone = 0;
  readonly #undelivered = new Map<string, Undelivered>();

  constructor(base: string) {
    this.#base = base;
  }

  add(session: Recipient['session'], missing: string, { accepted, gone, undelivered }: QueueOutcome): void {
    this.#sessions += 1;
    this.#delivered += accepted.length;
    if (gone) this.#gone += 1;
    else if (missing !== '') this.#miss(session, missing, 'The body is no longer kept');
    for (const { messages, reason } of undelivered) this.#miss(session, messages, reason);
  }

  result(): DeliveryResult {
    return {
      sessions: this.#sessions,
      delivered: this.#delivered,
      gone: this.#gone,
      base: this.#base,
      undelivered: [...this.#undelivered.values()],
    };
  }

  #miss({ queueUrl, sessionId }: Recipient['session'], messages: string, reason: string): void {
    const queue = baseOf(queueUrl) === this.#base ? queueUrl.slice(this.#base.length) : queueUrl;
    const key = `${messages} ${reason}`;
    const known = this.#undelivered.get(key);
    if (known) known.sessions.push([queue, sessionId]);
    else this.#undelivered.set(key, { messages, sessions: [[queue, sessionId]], reason });
  }
}
