import { Heap } from './heap.ts';
import type { Message } from './message.ts';

const earlier = (a: Message, b: Message) => a.sequence < b.sequence;

/**
 * The messages of one queue that can be received, the oldest first. Amazon SQS promises no order, and tries this one:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 * New messages are a linked list. Messages that became visible again are in a heap, so that adding and taking stay cheap for any number.
 */
export class ReadyMessages {
  size = 0;
  #first: Message | undefined;
  #last: Message | undefined;
  #returned: Heap<Message> | undefined;

  add(message: Message): void {
    message.state = 'ready';
    this.size += 1;
    if (this.#last && this.#last.sequence > message.sequence) {
      this.#returned ??= new Heap(earlier);
      this.#returned.push(message);
      return;
    }
    if (this.#last) this.#last.next = message;
    else this.#first = message;
    this.#last = message;
  }

  /** The next message to be received. */
  peek(): Message | undefined {
    const first = this.#firstLinked();
    const returned = this.#firstReturned();
    return returned && (!first || earlier(returned, first)) ? returned : first;
  }

  /** Takes out the message that `peek` shows. */
  take(): Message | undefined {
    const message = this.peek();
    if (!message) return undefined;
    this.size -= 1;
    if (message === this.#first) this.#unlinkFirst(message);
    else this.#returned?.pop();
    return message;
  }

  /** All messages, in no order. */
  *values(): Generator<Message> {
    for (let message = this.#firstLinked(); message; message = message.next)
      if (message.state === 'ready') yield message;
    for (const message of this.#returned?.values() ?? []) if (message.state === 'ready') yield message;
  }

  /** Removes any of these messages. The heap is cleared of it later. */
  remove(message: Message): void {
    message.state = 'gone';
    this.size -= 1;
  }

  #firstLinked(): Message | undefined {
    while (this.#first?.state === 'gone') this.#unlinkFirst(this.#first);
    return this.#first;
  }

  #firstReturned(): Message | undefined {
    while (this.#returned?.peek()?.state === 'gone') this.#returned.pop();
    return this.#returned?.peek();
  }

  #unlinkFirst(message: Message): void {
    this.#first = message.next;
    if (!this.#first) this.#last = undefined;
    message.next = undefined;
  }
}
