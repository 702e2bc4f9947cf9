import type { Message } from './types.ts';

/**
 * A message that came: what `for await` gives, and what `message` listeners are called with.
 * @typeParam Data what the application's messages are.
 */
export class QueueEvent<Data = unknown> extends Event {
  /** The message's id: the same when the message comes again. */
  declare readonly id: string;
  /** When the message entered the system, epoch milliseconds; NaN if its sender did not say. */
  declare readonly sentAt: number;
  /** The message as it was sent, to the byte: for numbers beyond 2^53, which JSON.parse rounds. */
  declare readonly text: string;
  /** The message's JSON, parsed; its text if it is no JSON. */
  declare readonly data: Data;

  constructor(message: Message) {
    super('message');
    let data: unknown = message.text;
    try {
      data = JSON.parse(message.text);
    } catch {
      // The text it is.
    }
    Object.assign(this, message, { data });
  }
}
