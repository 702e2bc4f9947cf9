import { packBatches } from './batches.ts';
import { encodeRanges } from './ranges.ts';

/** An entry of a SendMessageBatch call. The entries of a list of messages are made once and sent to every queue. */
export interface Entry {
  readonly id: string;
  readonly body: string;
  readonly messageId: string;
  readonly sentAt: number;
}

/** A message on its way: its position in the dispatch, its entry, and what it adds to a call in bytes. */
export interface Outgoing {
  readonly index: number;
  readonly entry: Entry;
  readonly bytes: number;
}

export interface FailedEntry {
  readonly id: string;
  /** The entry itself is wrong, so that sending it again is of no use. */
  readonly senderFault: boolean;
  readonly code: string;
}

/** What sending one batch came to. A call that failed for every entry is told by its reason. */
export type SendAnswer =
  | { readonly type: 'answered'; readonly failed: readonly FailedEntry[] }
  | { readonly type: 'gone' }
  | { readonly type: 'refused'; readonly reason: string; readonly transient: boolean };

export type Send = (queueUrl: string, entries: readonly Entry[]) => Promise<SendAnswer>;

export interface Sending {
  readonly send: Send;
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly now: () => number;
  /** A number from 0 up to 1, which spreads retries. */
  readonly random: () => number;
  /** Epoch milliseconds; no call is begun after it. */
  readonly deadline: number;
}

export interface QueueOutcome {
  readonly accepted: readonly Outgoing[];
  readonly gone: boolean;
  /** What the queue did not get: positions as ranges, with the reason. */
  readonly undelivered: readonly { readonly messages: string; readonly reason: string }[];
}

const attempts = 4;
const firstDelay = 100;
const longestDelay = 2000;

/** Puts messages into calls, in order, as few as can be. */
export const packOutgoing = (messages: readonly Outgoing[]): Outgoing[][] =>
  packBatches(messages, ({ bytes }) => bytes);

/**
 * Sends batches to one queue. The order of the messages is kept as far as SQS can: a batch is sent when the one before
 * it is settled, and when a batch cannot be sent nothing of what comes after it is. An entry that is refused for its
 * own fault is left out instead.
 */
export const sendToQueue = async (
  queueUrl: string,
  batches: readonly (readonly Outgoing[])[],
  sending: Sending,
): Promise<QueueOutcome> => {
  const accepted: Outgoing[] = [];
  const undelivered: { messages: string; reason: string }[] = [];
  for (const [position, batch] of batches.entries()) {
    const settled = await settle(queueUrl, batch, sending);
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
  /** Why no more is to be sent to the queue. */
  stopped?: string;
}

/** Sends one batch, and again what failed of it, until all of it is accepted or refused, or it is no use. */
const settle = async (queueUrl: string, batch: readonly Outgoing[], sending: Sending): Promise<Settled> => {
  const settled: Settled = { accepted: [], refused: [], left: batch, gone: false };
  for (let attempt = 1; ; attempt += 1) {
    if (sending.now() >= sending.deadline) return { ...settled, stopped: 'OutOfTime' };
    const answer = await sending.send(
      queueUrl,
      settled.left.map(({ entry }) => entry),
    );
    if (answer.type === 'gone') return { ...settled, gone: true };
    const failure = answer.type === 'refused' ? answer : sort(settled, answer.failed);
    if (!failure) return settled;
    if (!failure.transient || attempt === attempts) return { ...settled, stopped: failure.reason };
    await sending.delay(sending.random() * Math.min(longestDelay, firstDelay * 2 ** (attempt - 1)));
  }
};

/** Sorts the entries that are left by what became of them; tells why some are still left, if there are. */
const sort = (settled: Settled, failed: readonly FailedEntry[]): { reason: string; transient: true } | undefined => {
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
