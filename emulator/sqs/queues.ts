import type { Clock, EpochMilliseconds } from '../clock.ts';
import { AwsError } from '../service.ts';
import type { State } from '../persistence/state.ts';
import { invalidParameter, queueDoesNotExist } from './errors.ts';
import type { Propagation } from './propagation.ts';
import { KeptQueues } from './kept-queues.ts';
import { Queue } from './queue.ts';
import type { QueueAttributes } from './queue-attributes.ts';
import { defaultAttributes, differingAttribute } from './queue-attributes.ts';

export interface QueueRequest {
  readonly name: string;
  readonly attributes: Partial<QueueAttributes>;
  readonly tags: ReadonlyMap<string, string>;
  /** A queue of the template exists from the start. */
  readonly isInTemplate?: boolean;
}

/** Milliseconds for which the name of a deleted queue cannot be used again. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const nameReuseDelay = 60_000;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const checkName = (name: string): void => {
  if (/^[\w-]{1,80}$/.test(name)) return;
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
};

/** All queues, in the order they were created. */
export class Queues {
  readonly #clock: Clock;
  readonly #byName = new Map<string, Queue>();
  /** In the order they were deleted. */
  readonly #deletedAt = new Map<string, EpochMilliseconds>();
  readonly #propagation: Propagation;
  readonly #cancels = new Set<() => void>();
  readonly #kept: KeptQueues;

  constructor(clock: Clock, propagation: Propagation, state: State) {
    this.#clock = clock;
    this.#propagation = propagation;
    this.#kept = new KeptQueues(state);
    for (const { queue: known, messages } of this.#kept.load()) {
      const queue = new Queue(clock, { ...known, usableAfter: 0, measuredAfter: 0, kept: this.#kept }, known);
      for (const message of messages) queue.restore(message);
      this.#byName.set(known.name, queue);
    }
  }

  values(): IterableIterator<Queue> {
    this.#forgetDeleted();
    return this.#byName.values();
  }

  find(name: string): Queue | undefined {
    this.#forgetDeleted();
    return this.#byName.get(name);
  }

  /** @throws AwsError QueueDoesNotExist */
  get(name: string | undefined): Queue {
    const queue = name === undefined ? undefined : this.find(name);
    if (!queue || queue.usableFrom > this.#clock.now()) throw queueDoesNotExist();
    return queue;
  }

  /** An existing queue is returned as it is. @throws AwsError QueueNameExists, QueueDeletedRecently, InvalidParameterValue */
  create({ name, attributes, tags, isInTemplate }: QueueRequest): Queue {
    checkName(name);
    this.#forgetDeleted();
    const existing = this.#byName.get(name);
    if (existing && !this.#deletedAt.has(name)) {
      // A queue that an earlier process has kept, of a template that may have changed since.
      if (isInTemplate) existing.change(attributes, 0);
      const differing = differingAttribute(existing.attributes, attributes);
      if (differing === undefined) return existing;
      const difference = `a different value for attribute ${differing}`;
      throw new AwsError('QueueNameExists', `A queue already exists with the same name and ${difference}`);
    }
    if (this.#deletedAt.has(name)) {
      const message =
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.';
      throw new AwsError('QueueDeletedRecently', message);
    }
    const queue = new Queue(this.#clock, {
      name,
      attributes: { ...defaultAttributes, ...attributes },
      tags,
      usableAfter: isInTemplate ? 0 : this.#propagation.newQueue,
      measuredAfter: isInTemplate ? 0 : this.#propagation.metrics,
      kept: this.#kept,
    });
    this.#byName.set(name, queue);
    return queue;
  }

  /** @throws AwsError QueueDoesNotExist */
  delete(name: string | undefined): void {
    const queue = this.get(name);
    this.#forgetDeleted();
    if (this.#deletedAt.has(queue.name)) return;
    this.#deletedAt.set(queue.name, this.#clock.now());
    if (this.#propagation.deletion === 0) {
      this.#remove(queue);
      return;
    }
    const cancel = this.#clock.at(this.#clock.now() + this.#propagation.deletion, () => {
      this.#cancels.delete(cancel);
      this.#remove(queue);
    });
    this.#cancels.add(cancel);
  }

  /** Changes attributes; when the change holds depends on the propagation. */
  change(queue: Queue, attributes: Partial<QueueAttributes>): void {
    queue.change(attributes, this.#propagation.attributes);
    queue.modifiedAt = this.#clock.now();
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    for (const queue of this.#byName.values()) queue.endPolls();
  }

  #remove(queue: Queue): void {
    if (this.#byName.get(queue.name) === queue) this.#byName.delete(queue.name);
    queue.remove();
  }

  /** Forgets the names that may be used again, and removes their queues if they still exist. */
  #forgetDeleted(): void {
    const until = this.#clock.now() - nameReuseDelay;
    for (const [name, deletedAt] of this.#deletedAt) {
      if (deletedAt > until) return;
      this.#deletedAt.delete(name);
      const queue = this.#byName.get(name);
      if (queue) this.#remove(queue);
    }
  }
}
