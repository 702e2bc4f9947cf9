import type { DeliveryTools } from '../../functions/dispatch/deliver.ts';
import type { Entry, Send, SendAnswer } from '../../functions/dispatch/queue-sender.ts';
import { attributeNames } from '../../functions/dispatch/message.ts';
import type { IndexedSession } from '../../functions/dispatch/session-index.ts';
import { findIn } from './indexed-sessions.ts';
import { FakeLog } from './log.ts';
import { FakeMeasures } from './measures.ts';

/** The time at the start of a test, in epoch milliseconds. Delays between attempts move the clock, and so can a test. */
export const start = 1_700_000_000_000;

/** Queues that keep what they receive, and fail when a test wants it. */
export class FakeSend {
  /** Entries by the queue's name, in the order of arrival. */
  readonly queues = new Map<string, Entry[]>();
  /** Every call, in the order of arrival. */
  readonly calls: { readonly queue: string; readonly entries: readonly Entry[] }[] = [];
  /** Returns the answer of a call that is to fail, as a whole or for some entries. `attempt` counts the calls for the queue from 1. */
  onCall: (queue: string, attempt: number, entries: readonly Entry[]) => SendAnswer | undefined = () => undefined;
  /** The maximum of calls in progress at the same time. */
  maxAtOnce = 0;
  /** Calls wait until this many are in progress. */
  holdUntilAtOnce = 1;
  readonly #attempts = new Map<string, number>();
  #atOnce = 0;
  readonly #released = Promise.withResolvers<undefined>();

  readonly send: Send = async (queueUrl, entries) => {
    this.#atOnce += 1;
    this.maxAtOnce = Math.max(this.maxAtOnce, this.#atOnce);
    if (this.maxAtOnce >= this.holdUntilAtOnce) this.#released.resolve(undefined);
    await this.#released.promise;
    this.#atOnce -= 1;
    return this.#answer(queueUrl.split('/').at(-1) ?? '', entries);
  };

  /** The bodies a queue got. */
  bodies(queue: string): string[] {
    return (this.queues.get(queue) ?? []).map(({ body }) => body);
  }

  /** How many entries each call for a queue had. */
  sizes(queue: string): number[] {
    return this.calls.filter((call) => call.queue === queue).map(({ entries }) => entries.length);
  }

  #answer(queue: string, entries: readonly Entry[]): SendAnswer {
    const attempt = (this.#attempts.get(queue) ?? 0) + 1;
    this.#attempts.set(queue, attempt);
    this.calls.push({ queue, entries });
    const answer = this.onCall(queue, attempt, entries) ?? { type: 'answered', failed: [] };
    if (answer.type !== 'answered') return answer;
    const failed = new Set(answer.failed.map(({ id }) => id));
    const accepted = entries.filter(({ id }) => !failed.has(id));
    this.queues.set(queue, [...(this.queues.get(queue) ?? []), ...accepted]);
    return answer;
  }
}

export const refused = (reason: string): SendAnswer => ({ type: 'refused', reason, transient: false });
export const unavailable: SendAnswer = {
  type: 'refused',
  reason: 'sqs:SendMessage did not answer: 503',
  transient: true,
};
export const gone: SendAnswer = { type: 'gone' };

/** The answer in which the entries fail whose bodies contain `text`. */
export const failing = (entries: readonly Entry[], text: string, senderFault = false): SendAnswer => ({
  type: 'answered',
  failed: entries.filter(({ body }) => body.includes(text)).map(({ id }) => ({ id, code: 'Code', senderFault })),
});

/** The bytes that SQS counts of an entry: body, and names, types and values of attributes. */
export const bytesOf = ({ body, messageId, sentAt }: Entry): number =>
  Buffer.byteLength(
    body + attributeNames.messageId + 'String' + messageId + attributeNames.sentAt + 'Number' + String(sentAt),
  );

/** The dependencies of functions that deliver, in memory. */
export const createDeliveryTools = () => {
  const sqs = new FakeSend();
  const measures = new FakeMeasures();
  const log = new FakeLog();
  const clock = { now: start };
  const delays: number[] = [];
  const sessions: IndexedSession[] = [];
  const asked: string[] = [];
  /** Bodies of offloaded messages by message id. */
  const bodies = new Map<string, string>();
  /** Bodies of dead letters by message id. */
  const deadLetters = new Map<string, string>();
  const faults: { read?: Error; put?: Error; find?: () => void } = {};
  const tools: DeliveryTools = {
    send: sqs.send,
    find: async (...query) => {
      faults.find?.();
      return findIn(sessions, asked)(...query);
    },
    store: {
      put: ({ messageId, body }) => {
        if (faults.put) return Promise.reject(faults.put);
        bodies.set(messageId, body);
        return Promise.resolve();
      },
      bodyOf: (message) => {
        if ('body' in message) return Promise.resolve(message.body);
        if ('compressed' in message) return Promise.reject(new Error('The store of tests does not decompress'));
        return faults.read ? Promise.reject(faults.read) : Promise.resolve(bodies.get(message.messageId));
      },
      putDeadLetter: (messageId, body) => {
        if (faults.put) return Promise.reject(faults.put);
        deadLetters.set(messageId, body);
        return Promise.resolve();
      },
    },
    measures,
    log,
    now: () => clock.now,
    delay: (milliseconds) => {
      delays.push(milliseconds);
      clock.now += milliseconds;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
  return { tools, sqs, measures, log, clock, delays, sessions, asked, bodies, deadLetters, faults };
};
