import type { Fault } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { Stack } from '../acceptance/stack.ts';
import type { PublishCase } from './publish-fault-cases.ts';
import { randomText } from '../tools/random-text.ts';

const resultSchema = z.object({
  status: z.string(),
  messageId: z.exactOptional(z.string()),
  error: z.exactOptional(z.string()),
});
const answerSchema = z.object({ results: z.array(resultSchema) });
const deadLetterSchema = z.object({ body: z.string(), messageId: z.string() });

export type EventResult = z.infer<typeof resultSchema>;

/** A message somewhere. */
interface Copy {
  readonly place: 'delivered' | 'undelivered queue';
  readonly text: string;
  readonly id: string;
}

/** Where messages are, each of them alike. */
const fateOf = (copies: readonly Copy[], texts: readonly string[]): string => {
  const fates = texts.map((text) => {
    const places = copies.filter((copy) => copy.text === text).map(({ place }) => place);
    const counts = [...Map.groupBy(places, (place) => place)];
    return (
      counts
        .map(([place, { length }]) => (length === 1 ? place : `${place} ${length === 2 ? 'twice' : length}`))
        .join(', ') || 'nowhere'
    );
  });
  return [...new Set(fates)].join('; ');
};

export interface PublishOutcome {
  readonly answer: string;
  readonly then: string;
  readonly atLast: string;
  /** What the wrong event got wherever the answer was 200. */
  readonly wrong: readonly EventResult[];
  /** The ids of the two events in the last answer, and those under which they lie anywhere. */
  readonly ids: readonly string[];
  readonly found: readonly string[];
  /** The first copies, in the order they came. */
  readonly order: readonly string[];
  readonly texts: readonly string[];
}

const largeLength = 150_000;
/** A publish call has ended after this, whatever became of it; milliseconds. */
const callTime = 36_000;

/** Runs cases one after the other, each in an account of its own. */
export class PublishFaults {
  readonly #stack: Stack;
  #accountId = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async run({ fault, behind, inRepeat, large }: PublishCase): Promise<PublishOutcome> {
    this.#accountId += 1;
    const accountId = this.#accountId;
    const { sqsUrl } = await this.#stack.create(accountId, 's');
    const messages = [1, 2].map((n) => ({ accountId, n, text: randomText(large ? largeLength : 1) }));
    const texts = messages.map((message) => JSON.stringify(message));
    const [first, second] = messages.map((message) => ({ message, idempotencyKey: `${accountId} ${message.n}` }));
    const events = [first, { message: {} }, second];
    const copies: Copy[] = [];
    const publish = async () => {
      const answer = await this.#publish(events);
      copies.push(...(await this.#find(sqsUrl)));
      this.#stack.runtime.clock.advance(callTime);
      return { ...answer, fate: fateOf(copies, texts) };
    };
    if (inRepeat) await publish();
    const remove = this.#set(fault, behind);
    const faulty = await publish();
    remove();
    const last = await publish();
    return {
      ...{ answer: faulty.text, then: faulty.fate, atLast: last.fate, texts },
      wrong: [faulty, last].flatMap(({ results }) => results.slice(1, 2)),
      ids: last.results.flatMap(({ messageId }) => messageId ?? []),
      found: texts.flatMap((text) => [...new Set(copies.filter((copy) => copy.text === text).map(({ id }) => id))]),
      order: [...new Set(copies.map(({ text }) => text))],
    };
  }

  /** Sets a fault, now or when other calls have been answered; returns how to remove it. */
  #set(fault: Fault | undefined, behind: PublishCase['behind']): () => void {
    const { faults, interceptors } = this.#stack.runtime;
    if (!fault) return () => undefined;
    if (!behind) return faults.add(fault);
    const [calls, action] = behind;
    let answered = 0;
    const removers: (() => void)[] = [];
    removers.push(
      interceptors.add('after', action, () => {
        answered += 1;
        if (answered === calls) removers.push(faults.add(fault));
      }),
    );
    return () => {
      for (const remove of removers) remove();
    };
  }

  async #publish(events: readonly unknown[]): Promise<{ text: string; results: readonly EventResult[] }> {
    const { status, json } = await this.#stack.post('/publish', { events });
    if (status !== 200) return { text: String(status), results: [] };
    const { results } = answerSchema.parse(json);
    const good = results.filter((_, position) => position !== 1);
    const words = good.map((result) => `${result.status}${result.error === undefined ? '' : ` (${result.error})`}`);
    return { text: `200 ${[...new Set(words)].join(', ')}`, results };
  }

  /** Takes everything out of the session's queue and the undelivered queue. */
  async #find(queueUrl: string): Promise<Copy[]> {
    const { outputs } = this.#stack.runtime;
    const delivered = await this.#stack.drain(queueUrl);
    const deadLetters = await this.#stack.drain(outputs['UndeliveredQueueUrl'] ?? '');
    return [
      ...delivered.map(({ Body: text = '', MessageAttributes: attributes }): Copy => ({
        ...{ place: 'delivered', text, id: attributes?.['messageId']?.StringValue ?? '' },
      })),
      ...deadLetters.map(({ Body: letter = '' }): Copy => {
        const { body, messageId } = deadLetterSchema.parse(JSON.parse(letter));
        return { place: 'undelivered queue', text: body, id: messageId };
      }),
    ];
  }
}

/** The second table of docs/dispatch.md. */
export const publishTable = (
  results: readonly { readonly of: PublishCase; readonly outcome: PublishOutcome }[],
): string =>
  [
    '| what goes wrong | answer | the messages are then | after a repeat |',
    '| --- | --- | --- | --- |',
    ...results.map(({ of, outcome: { answer, then, atLast } }) => `| ${of.name} | ${answer} | ${then} | ${atLast} |`),
  ].join('\n');
