import { createHash } from 'node:crypto';
import { AwsFault, type Action } from './aws-server.ts';

/** A message as a queue got it. */
export interface SentMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type EntryFault = { readonly code: string; readonly senderFault: boolean } | undefined;

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

/** Queues that remember what they are sent, and fail as they are told. */
export class SqsFake {
  /** By the queue's name. */
  readonly queues = new Map<string, SentMessage[]>();
  /** The sizes of the calls in bytes of bodies and attributes, and in entries. */
  readonly batches: { readonly queue: string; readonly entries: number; readonly bytes: number }[] = [];
  readonly deleted = new Set<string>();
  /** Throws to fail a call; `attempt` counts the calls for the queue from 1. */
  onBatch: (queue: string, attempt: number) => void | Promise<void> = () => undefined;
  /** Refuses entries. */
  onEntry: (queue: string, body: string, attempt: number) => EntryFault = () => undefined;
  /** The most calls that were under way at once. */
  mostAtOnce = 0;
  /** Calls are held back until so many are under way; from then on they are answered at once. */
  holdUntilAtOnce = 1;
  readonly #attempts = new Map<string, number>();
  #atOnce = 0;
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  readonly actions: Readonly<Record<string, Action>> = {
    SendMessageBatch: async ({ QueueUrl, Entries }) => {
      this.#atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
      if (this.mostAtOnce >= this.holdUntilAtOnce) this.#release();
      await this.#released;
      try {
        return await this.#send(String(QueueUrl).split('/').at(-1) ?? '', Entries as Entry[]);
      } finally {
        this.#atOnce -= 1;
      }
    },
  };

  /** The bodies a queue got. */
  bodies(queue: string): string[] {
    return (this.queues.get(queue) ?? []).map(({ body }) => body);
  }

  async #send(queue: string, entries: readonly Entry[]): Promise<object> {
    const attempt = (this.#attempts.get(queue) ?? 0) + 1;
    this.#attempts.set(queue, attempt);
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    this.batches.push({ queue, entries: entries.length, bytes });
    if (this.deleted.has(queue)) throw new AwsFault('QueueDoesNotExist');
    await this.onBatch(queue, attempt);
    if (entries.length > 10 || new Set(entries.map(({ Id }) => Id)).size < entries.length)
      throw new AwsFault('BatchEntryIdsNotDistinct');
    if (bytes > 1_048_576) throw new AwsFault('BatchRequestTooLong');
    const answers = entries.map((entry) => this.#accept(queue, entry, attempt));
    return {
      Successful: answers.filter((each) => 'MessageId' in each),
      Failed: answers.filter((each) => 'Code' in each),
    };
  }

  #accept(queue: string, { Id, MessageBody, MessageAttributes = {} }: Entry, attempt: number): object {
    const fault = this.onEntry(queue, MessageBody, attempt);
    if (fault) return { Id, Code: fault.code, SenderFault: fault.senderFault };
    const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
      name,
      `${DataType} ${StringValue}`,
    ]);
    this.queues.set(queue, [
      ...(this.queues.get(queue) ?? []),
      { body: MessageBody, attributes: Object.fromEntries(attributes) as Record<string, string> },
    ]);
    return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  }
}

const sizeOf = ({ MessageBody, MessageAttributes = {} }: Entry): number => {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType, StringValue }]) => name + DataType + StringValue,
  );
  return Buffer.byteLength(MessageBody) + Buffer.byteLength(attributes.join(''));
};
