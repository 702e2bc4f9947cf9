import type { SQSClient } from '../aws/clients.ts';
import { failedWith, failureOf } from '../aws/errors.ts';
import { createLimit } from '../aws/concurrency.ts';
import { backOff, maxAttempts, type Waiting } from '../aws/retry.ts';
import { encodeRanges } from './dispatch.ts';
import { attributeNames } from './message.ts';

/** An entry of a SendMessageBatch call. The entries of a list of messages are made once and sent to every queue. */
export interface Entry {
  readonly id: string;
  readonly body: string;
  readonly messageId: string;
  readonly sentAt: number;
}

/** A message to be sent: its position in the dispatch, its entry, and what it adds to a call in bytes. */
export interface Outgoing {
  readonly index: number;
  readonly entry: Entry;
  readonly bytes: number;
}

interface FailedEntry {
  readonly id: string;
  /** The entry itself is wrong, so that sending it again is of no use. */
  readonly senderFault: boolean;
  readonly code: string;
}

/** The answer to one batch. `refused` is a call that failed for every entry. */
export type SendAnswer =
  | { readonly type: 'answered'; readonly failed: readonly FailedEntry[] }
  | { readonly type: 'gone' }
  | { readonly type: 'refused'; readonly reason: string; readonly transient: boolean };

/** Sends one batch. Never throws: a call that fails is `refused`. */
export type Send = (queueUrl: string, entries: readonly Entry[]) => Promise<SendAnswer>;

export interface Sending extends Waiting {
  readonly send: Send;
  readonly now: () => number;
  /** Epoch milliseconds; no call is begun after it. */
  readonly deadline: number;
}

export interface TargetQueue {
  readonly url: string;
  /** Whether it may be too new for SQS to know it. Then the send is tried again, and the queue does not count as deleted. */
  readonly isNew: boolean;
}

export interface QueueOutcome {
  readonly accepted: readonly Outgoing[];
  readonly gone: boolean;
  /** What the queue did not get: positions as ranges, with the reason. */
  readonly undelivered: readonly { readonly messages: string; readonly reason: string }[];
}

/** SendMessageBatch calls on their way at once from one function, and as many connections. */
export const sendsInFlight = 64;

/** Attempts for a queue that does not exist yet: with their waits, three seconds. */
const newQueueAttempts = 6;

/** Entries of a call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxBatchEntries = 10;

/** Bytes of bodies and attributes in a call. The same page allows 1 MiB; the rest is room for what it may count besides. */
export const maxBatchBytes = 1024 * 1024 - 1024;

/**
 * Divides items into SendMessageBatch calls, in order. Filling each call before the next is begun gives the fewest calls
 * that keep the order.
 * @param bytes what an item adds to a call: body and attributes.
 */
export const packBatches = <T>(items: readonly T[], bytes: (item: T) => number): T[][] => {
  const batches: T[][] = [];
  let open: T[] = [];
  let payload = 0;
  for (const item of items) {
    const size = bytes(item);
    if (open.length === maxBatchEntries || (open.length > 0 && payload + size > maxBatchBytes)) {
      batches.push(open);
      open = [];
      payload = 0;
    }
    open.push(item);
    payload += size;
  }
  if (open.length > 0) batches.push(open);
  return batches;
};

/**
 * Sends messages to one queue, in batches. It keeps their order as far as SQS does: it sends a batch when the one before is settled, and
 * sends nothing more when a batch cannot be sent. An entry that SQS refuses for its own fault is left out.
 */
export const sendToQueue = async (
  queue: TargetQueue,
  batches: readonly (readonly Outgoing[])[],
  sending: Sending,
): Promise<QueueOutcome> => {
  const accepted: Outgoing[] = [];
  const undelivered: { messages: string; reason: string }[] = [];
  for (const [position, batch] of batches.entries()) {
    const settled = await settle(queue, batch, sending);
    accepted.push(...settled.accepted);
    for (const { index, reason } of settled.refused) undelivered.push({ messages: String(index), reason });
    if (settled.gone) return { accepted, gone: true, undelivered: [] };
    if (settled.stopped !== undefined) {
      const rest = [...settled.left, ...batches.slice(position + 1).flat()].map(({ index }) => index);
      undelivered.push({ messages: encodeRanges(rest), reason: settled.stopped });
      break;
    }
  }
  return { accepted, gone: false, undelivered };
};

interface Settled {
  readonly accepted: Outgoing[];
  readonly refused: { readonly index: number; readonly reason: string }[];
  left: readonly Outgoing[];
  gone: boolean;
  /** Why nothing more is sent to the queue. */
  stopped?: string;
}

interface Failed {
  readonly reason: string;
  readonly transient: boolean;
  readonly attempts?: number;
}

/** Sends one batch. Sends the entries that failed again until all are accepted or refused, or no attempt is left. */
const settle = async (queue: TargetQueue, batch: readonly Outgoing[], sending: Sending): Promise<Settled> => {
  const settled: Settled = { accepted: [], refused: [], left: batch, gone: false };
  for (let attempt = 1; ; attempt += 1) {
    if (sending.now() >= sending.deadline) return { ...settled, stopped: 'OutOfTime' };
    const answer = await sending.send(
      queue.url,
      settled.left.map(({ entry }) => entry),
    );
    if (answer.type === 'gone' && !queue.isNew) return { ...settled, gone: true };
    const failed = failureIn(answer, settled);
    if (!failed) return settled;
    if (!failed.transient || attempt >= (failed.attempts ?? maxAttempts)) return { ...settled, stopped: failed.reason };
    // Without jitter, the waits for a new queue are never shorter than the second that SQS asks for.
    await backOff(attempt, answer.type === 'gone' ? { ...sending, random: () => 1 } : sending);
  }
};

const failureIn = (answer: SendAnswer, settled: Settled): Failed | undefined => {
  if (answer.type === 'answered') return sort(settled, answer.failed);
  if (answer.type === 'refused') return answer;
  return { reason: 'QueueDoesNotExist', transient: true, attempts: newQueueAttempts };
};

/** Sorts the entries that are left by their answers. Returns why some are still left, if there are. */
const sort = (settled: Settled, failed: readonly FailedEntry[]): Failed | undefined => {
  const failures = new Map(failed.map((entry) => [entry.id, entry]));
  const left: Outgoing[] = [];
  for (const outgoing of settled.left) {
    const failure = failures.get(outgoing.entry.id);
    if (!failure) settled.accepted.push(outgoing);
    else if (failure.senderFault) settled.refused.push({ index: outgoing.index, reason: failure.code });
    else left.push(outgoing);
  }
  settled.left = left;
  const reason = failures.get(left[0]?.entry.id ?? '')?.code;
  return reason === undefined ? undefined : { reason, transient: true };
};

/**
 * Sends with SQS. A call begins when the client has a connection for it, because the call's timeouts count from its beginning; several
 * deliveries may share the client.
 */
export const createSend = (client: SQSClient): Send => {
  const limited = createLimit(sendsInFlight);
  return async (queueUrl, entries) => {
    try {
      const batch = { QueueUrl: queueUrl, Entries: entries.map(requestEntry) };
      const { Failed: refused = [] } = await limited(() => client.call('SendMessageBatch', batch));
      const failed = refused.map(({ Id, SenderFault, Code }) => ({
        id: Id ?? '',
        senderFault: SenderFault ?? false,
        code: Code ?? 'Unknown',
      }));
      return { type: 'answered', failed };
    } catch (error) {
      if (failedWith(error, 'QueueDoesNotExist', 'NonExistentQueue')) return { type: 'gone' };
      const failure = failureOf(error, 'sqs:SendMessage');
      return { type: 'refused', reason: failure.message, transient: failure.name !== 'UpstreamFailed' };
    }
  };
};

/** The entries as SQS takes them, made once for each entry however many queues it goes to. */
const requestEntries = new WeakMap<Entry, ReturnType<typeof makeRequestEntry>>();

const requestEntry = (entry: Entry): ReturnType<typeof makeRequestEntry> => {
  const known = requestEntries.get(entry);
  if (known) return known;
  const made = makeRequestEntry(entry);
  requestEntries.set(entry, made);
  return made;
};

const makeRequestEntry = ({ id, body, messageId, sentAt }: Entry) => ({
  Id: id,
  MessageBody: body,
  MessageAttributes: {
    [attributeNames.messageId]: { DataType: 'String', StringValue: messageId },
    [attributeNames.sentAt]: { DataType: 'Number', StringValue: String(sentAt) },
  },
});
