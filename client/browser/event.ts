import type { Message } from './types.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * A message that came: what `for await` gives, and what `message` listeners are called with.
 * @typeParam Data what the application's messages are.
 */
export class QueueEvent<Data = unknown> extends Event {
  /** The message's id: the same when the message comes again. */
  readonly id: string;
  /** When the message entered the system, epoch milliseconds; NaN if its sender did not say. */
  readonly sentAt: number;
  /** The message as it was sent, to the byte: for numbers beyond 2^53, which JSON.parse rounds. */
  readonly text: string;
  /** The message's JSON, parsed; its text if it is no JSON. */
  readonly data: Data;

  /** @param data what to have as data, where that is not just the parsed text. */
  constructor({ id, text, sentAt }: Message, data: unknown = parse(text)) {
    super('message');
    this.id = id;
    this.sentAt = sentAt;
    this.text = text;
    this.data = data as Data;
  }
}
