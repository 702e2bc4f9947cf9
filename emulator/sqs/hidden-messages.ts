import type { EpochMilliseconds } from '../clock.ts';
import { Heap } from './heap.ts';
import type { Message } from './message.ts';

interface Return {
  readonly at: EpochMilliseconds;
  readonly message: Message;
}

const counts = ({ at, message }: Return) => message.state === 'hidden' && message.visibleAt === at;

const earlier = (a: Return, b: Return): boolean =>
  a.at < b.at || (a.at === b.at && a.message.sequence < b.message.sequence);

/**
 * The messages of one queue that cannot be received yet: in flight or delayed.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
 */
export class HiddenMessages {
  inFlight = 0;
  delayed = 0;
  /** May hold returns that no longer count. They are dropped when it is their turn, or when they are more than half. */
  readonly #returns = new Heap(earlier);

  add(message: Message, visibleAt: EpochMilliseconds): void {
    message.state = 'hidden';
    this.#count(message, 1);
    this.move(message, visibleAt);
  }

  /** Changes when a hidden message becomes visible. */
  move(message: Message, visibleAt: EpochMilliseconds): void {
    message.visibleAt = visibleAt;
    this.#returns.push({ at: visibleAt, message });
    if (this.#returns.size > 2 * (this.inFlight + this.delayed) + 64) this.#returns.filter(counts);
  }

  /** Takes out a message. @param state its new one */
  remove(message: Message, state: 'ready' | 'gone'): void {
    this.#count(message, -1);
    message.state = state;
  }

  /** All messages, in no order. */
  *values(): Generator<Message> {
    for (const entry of this.#returns.values()) if (counts(entry)) yield entry.message;
  }

  /** When the next message becomes visible. */
  nextReturn(): EpochMilliseconds | undefined {
    for (let next = this.#returns.peek(); next; next = this.#returns.peek()) {
      if (counts(next)) return next.at;
      this.#returns.pop();
    }
    return undefined;
  }

  /** Takes out the next message that is due. */
  takeDue(now: EpochMilliseconds): Message | undefined {
    const at = this.nextReturn();
    if (at === undefined || at > now) return undefined;
    const message = this.#returns.pop()?.message;
    if (message) this.remove(message, 'ready');
    return message;
  }

  #count(message: Message, by: 1 | -1): void {
    if (message.receiveCount > 0) this.inFlight += by;
    else this.delayed += by;
  }
}
