import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Item, Source, Unusable } from './put-back.ts';
import type { Content, ReadContent, Taken } from './queue-messages.ts';

/** Seconds for which received messages are hidden: longer than a round takes. */
const hiddenFor = 600;

/** Messages in a round, as long as they, or the bodies that they name, have no more characters than this. */
const roundMessages = 500;
const roundLength = 16 * 1024 * 1024;

/** A queue's messages, received in rounds until no visible message is left. */
export class QueueSource implements Source {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #read: ReadContent;
  readonly #waitSeconds: number;
  #exhausted = false;
  readonly #held = new Set<string>();
  /** Parts of records, by their record, until all parts are there. */
  readonly #parts = new Map<string, Map<number, { readonly data: Buffer; readonly handle: string }>>();

  /** @param waitSeconds how long an empty queue is waited for; at least 1 on AWS, so that all of its servers are asked */
  constructor(client: SQSClient, queueUrl: string, read: ReadContent, waitSeconds: number) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#read = read;
    this.#waitSeconds = waitSeconds;
  }

  /** Incomplete parts that are left at the end are returned once, as unusable. */
  async next(): Promise<readonly (Item | Unusable)[] | undefined> {
    const round = this.#exhausted ? [] : await this.#take();
    if (round.length > 0) return round.flatMap((taken) => this.#sort(taken));
    const incomplete = [...this.#parts.values()].map(() => ({ reason: 'parts of it are missing' }));
    this.#parts.clear();
    return incomplete.length > 0 ? incomplete : undefined;
  }

  async remove(handles: readonly string[]): Promise<number> {
    let failures = 0;
    for (const Entries of tens(handles)) {
      const command = new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries });
      const { Failed = [] } = await this.#client.send(command);
      failures += Failed.length;
    }
    for (const handle of handles) this.#held.delete(handle);
    return failures;
  }

  async release(): Promise<void> {
    for (const entries of tens([...this.#held])) {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
    }
    this.#held.clear();
  }

  async #take(): Promise<Taken[]> {
    const round: Taken[] = [];
    for (let length = 0; round.length < roundMessages && length < roundLength;) {
      const { Messages = [] } = await this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#queueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenFor,
          WaitTimeSeconds: this.#waitSeconds,
        }),
      );
      this.#exhausted = Messages.length === 0;
      if (this.#exhausted) break;
      for (const { Body = '', ReceiptHandle = '' } of Messages) {
        this.#held.add(ReceiptHandle);
        const content = await this.#read(Body);
        round.push({ content, handle: ReceiptHandle });
        length += Math.max(Body.length, lengthOf(content));
      }
    }
    return round;
  }

  #sort({ handle, content }: Taken): (Item | Unusable)[] {
    if ('reason' in content) return [content];
    if ('messages' in content) return [{ ...content, handles: [handle] }];
    const { of, part, parts, partitionKey, data } = content;
    const known = this.#parts.get(of) ?? new Map<number, { data: Buffer; handle: string }>();
    this.#parts.set(of, known.set(part, { data, handle }));
    if (known.size < parts) return [];
    this.#parts.delete(of);
    const inOrder = [...known].sort(([a], [b]) => a - b).map(([, each]) => each);
    const whole = Buffer.concat(inOrder.map((each) => each.data));
    return [
      {
        messages: [],
        records: [{ data: whole, partitionKey }],
        identities: [of],
        handles: inOrder.map((each) => each.handle),
      },
    ];
  }
}

/** Characters of the bodies of a dead letter's messages, which are one text. */
const lengthOf = (content: Content): number => ('messages' in content ? (content.messages[0]?.body.length ?? 0) : 0);

const tens = (handles: readonly string[]): { Id: string; ReceiptHandle: string }[][] => {
  const entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
  return Array.from({ length: Math.ceil(entries.length / 10) }, (_, ten) => entries.slice(ten * 10, ten * 10 + 10));
};
