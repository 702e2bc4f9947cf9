import type { EpochMilliseconds } from '../clock.ts';
import type { Entries, State } from '../persistence/state.ts';
import type { Message } from './message.ts';
import type { QueueAttributes } from './queue-attributes.ts';

/** A message as it is kept. */
export type KeptMessage = Readonly<Message>;

/** A queue as it is kept. */
export interface KeptQueue {
  readonly name: string;
  readonly createdAt: EpochMilliseconds;
  readonly modifiedAt: EpochMilliseconds;
  readonly purgedAt: EpochMilliseconds | undefined;
  readonly attributes: QueueAttributes;
  readonly tags: ReadonlyMap<string, string>;
  /** Begins every receipt handle of the queue. */
  readonly token: string;
}

/** A queue that can be kept. */
interface Describable {
  readonly name: string;
  describe(): KeptQueue;
}

/** Without its link to the other messages of its queue. */
const describeMessage = (message: Message): KeptMessage | undefined =>
  message.state === 'gone' ? undefined : { ...message, next: undefined };

/** The queues and messages that are kept. */
export class KeptQueues {
  readonly #queues: Entries<Describable, KeptQueue>;
  readonly #messages: Entries<Message, KeptMessage>;

  constructor(state: State) {
    this.#queues = state.entries('sqs-queues', (queue: Describable) => queue.describe());
    this.#messages = state.entries('sqs-messages', describeMessage);
  }

  /** The queues of an earlier process in the order in which they were made, each with its messages in the order in which they arrived. */
  load(): { readonly queue: KeptQueue; readonly messages: readonly KeptMessage[] }[] {
    const messages = Map.groupBy(this.#messages.load(), ([key]) => key.slice(0, key.indexOf('/')));
    return this.#queues
      .load()
      .map(([, queue]) => queue)
      .sort((a, b) => a.createdAt - b.createdAt)
      .map((queue) => ({
        queue,
        messages: (messages.get(queue.name) ?? [])
          .map(([, message]) => message)
          .sort((a, b) => a.sequence - b.sequence),
      }));
  }

  /** The queue has changed, or is new. */
  putQueue(queue: Describable): void {
    this.#queues.put(queue.name, queue);
  }

  /** The message is new or has changed, or is gone. */
  putMessage({ name }: Describable, message: Message): void {
    this.#messages.put(`${name}/${message.id}`, message);
  }

  purge({ name }: Describable): void {
    this.#messages.removeAll(`${name}/`);
  }

  remove({ name }: Describable): void {
    this.#queues.remove(name);
    this.#messages.removeAll(`${name}/`);
  }
}
