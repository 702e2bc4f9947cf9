import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock, EpochMilliseconds } from '../clock.ts';
import { queueDoesNotExist } from './errors.ts';
import { HiddenMessages } from './hidden-messages.ts';
import type { KeptMessage, KeptQueue, KeptQueues } from './kept-queues.ts';
import type { Message, MessageContent } from './message.ts';
import type { QueueAttributes } from './queue-attributes.ts';
import { readReceiptHandle } from './receipt-handle.ts';
import { ReadyMessages } from './ready-messages.ts';
import type { PollOptions, ReceiveOptions } from './waiting-polls.ts';
import { WaitingPolls } from './waiting-polls.ts';

/** Shared by all queues. */
const none: readonly never[] = [];

let lastSequence = 0;
let queuesCreated = 0;

export interface NewQueue {
  readonly name: string;
  readonly attributes: QueueAttributes;
  readonly tags: ReadonlyMap<string, string>;
  /** Milliseconds until requests find it. */
  readonly usableAfter: number;
  /** Milliseconds until CloudWatch has its metrics. */
  readonly measuredAfter: number;
  readonly kept: KeptQueues;
}

/**
 * One standard queue: its messages, and the polls that wait for messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 * Messages are kept for the retention period: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 * Assumed: waiting polls of a deleted queue are refused with QueueDoesNotExist.
 */
export class Queue {
  readonly name: string;
  readonly createdAt: EpochMilliseconds;
  /** Order of creation. */
  readonly sequence = ++queuesCreated;
  /** Begins every receipt handle of this queue, and of no other. */
  readonly token: string;
  /** Until then the queue answers as if it did not exist. */
  readonly usableFrom: EpochMilliseconds;
  /** Until then CloudWatch has no metrics of it. */
  readonly measuredFrom: EpochMilliseconds;
  modifiedAt: EpochMilliseconds;
  #tags: ReadonlyMap<string, string>;
  #purgedAt: EpochMilliseconds | undefined;
  readonly #clock: Clock;
  readonly #kept: KeptQueues;
  #attributes: QueueAttributes;
  /** Changes of attributes that do not hold yet, the oldest first. */
  #changes: readonly { readonly holdsFrom: EpochMilliseconds; readonly attributes: Partial<QueueAttributes> }[] = none;
  #ready = new ReadyMessages();
  #hidden = new HiddenMessages();
  /** Messages that were received and may be named by a receipt handle. Created when needed, like the polls: most queues are empty. */
  #received: Map<string, Message> | undefined;
  #polls: WaitingPolls | undefined;
  #alarm: { readonly at: EpochMilliseconds; readonly cancel: () => void } | undefined;

  /** @param known the queue as an earlier process has kept it */
  constructor(clock: Clock, { name, attributes, tags, usableAfter, measuredAfter, kept }: NewQueue, known?: KeptQueue) {
    this.#clock = clock;
    this.#kept = kept;
    this.name = name;
    this.createdAt = known?.createdAt ?? clock.now();
    this.usableFrom = this.createdAt + usableAfter;
    this.measuredFrom = this.createdAt + measuredAfter;
    this.modifiedAt = known?.modifiedAt ?? this.createdAt;
    this.token = known?.token ?? `AQEB${randomBytes(9).toString('base64')}`;
    this.#purgedAt = known?.purgedAt;
    this.#attributes = attributes;
    this.#tags = tags;
    if (!known) kept.putQueue(this);
  }

  get tags(): ReadonlyMap<string, string> {
    return this.#tags;
  }

  set tags(tags: ReadonlyMap<string, string>) {
    this.#tags = tags;
    this.#kept.putQueue(this);
  }

  get purgedAt(): EpochMilliseconds | undefined {
    return this.#purgedAt;
  }

  set purgedAt(time: EpochMilliseconds | undefined) {
    this.#purgedAt = time;
    this.#kept.putQueue(this);
  }

  /** The queue as it is kept, with the changes of attributes that do not hold yet. */
  describe(): KeptQueue {
    const { name, createdAt, modifiedAt, purgedAt, tags, token } = this;
    const attributes = this.#changes.reduce<QueueAttributes>(
      (known, change) => ({ ...known, ...change.attributes }),
      this.#attributes,
    );
    return { name, createdAt, modifiedAt, purgedAt, attributes, tags, token };
  }

  /** Restores a message that an earlier process has kept. */
  restore(kept: KeptMessage): void {
    const message: Message = { ...kept };
    lastSequence = Math.max(lastSequence, message.sequence);
    if (message.receiveCount > 0) this.#remember(message);
    if (message.state === 'hidden') this.#hidden.add(message, message.visibleAt);
    else this.#ready.add(message);
  }

  /** The attributes that hold now. */
  get attributes(): QueueAttributes {
    const now = this.#clock.now();
    const due = this.#changes.length === 0 ? none : this.#changes.filter(({ holdsFrom }) => holdsFrom <= now);
    if (due.length > 0) {
      this.#changes = this.#changes.slice(due.length);
      for (const { attributes } of due) this.#attributes = { ...this.#attributes, ...attributes };
    }
    return this.#attributes;
  }

  /** Changes attributes. @param delay milliseconds until the change holds */
  change(attributes: Partial<QueueAttributes>, delay: number): void {
    this.#changes = [...this.#changes, { holdsFrom: this.#clock.now() + delay, attributes }];
    this.#kept.putQueue(this);
  }

  /** Approximate on AWS, exact here. */
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    this.#settle();
    return { visible: this.#ready.size, inFlight: this.#hidden.inFlight, delayed: this.#hidden.delayed };
  }

  /** All messages that are not deleted, in no order. */
  *messages(): Generator<Message> {
    this.#settle();
    yield* this.#ready.values();
    yield* this.#hidden.values();
  }

  /** Adds a message; `wake` hands it to a waiting poll. @param delay seconds until it can be received */
  add(content: MessageContent, delay: number): Message {
    const now = this.#clock.now();
    const message: Message = {
      ...content,
      id: randomUUID(),
      sentAt: now,
      sequence: ++lastSequence,
      state: 'ready',
      visibleAt: now,
      receiveCount: 0,
      firstReceivedAt: 0,
      next: undefined,
    };
    if (delay > 0) this.#hidden.add(message, now + delay * 1000);
    else this.#ready.add(message);
    this.#kept.putMessage(this, message);
    return message;
  }

  /** Hands messages to the polls that wait. To be called after messages were added. */
  wake(): void {
    if (!this.#polls?.size) return;
    this.#polls.hand((options) => this.#receive(options));
    this.#setAlarm();
  }

  /** Takes messages, which are in flight from then on. Waits when there are none; ends early when the signal is aborted. */
  async poll(options: PollOptions): Promise<Message[]> {
    if (options.signal.aborted) return [];
    const messages = this.#receive(options);
    if (messages.length > 0 || options.wait === 0) return messages;
    this.#polls ??= new WaitingPolls(() => {
      this.#setAlarm();
    });
    const polled = this.#polls.wait(options);
    this.#setAlarm();
    return polled;
  }

  /** Makes messages visible again, as if they had not been received: their answer did not reach the caller. */
  release(receives: readonly { readonly message: Message; readonly count: number }[]): void {
    for (const { message, count } of receives) {
      if (message.state !== 'hidden' || message.receiveCount !== count) continue;
      this.#hidden.remove(message, 'ready');
      message.receiveCount -= 1;
      this.#ready.add(message);
      this.#kept.putMessage(this, message);
    }
    this.wake();
  }

  /** What a receipt handle names: a message, a message that was received again since, or one that is gone. */
  find(handle: string): Message | 'malformed' | 'outdated' | 'gone' {
    const receipt = readReceiptHandle(this.token, handle);
    if (!receipt) return 'malformed';
    this.#settle();
    const message = this.#received?.get(receipt.messageId);
    if (!message) return 'gone';
    return message.receiveCount === receipt.count ? message : 'outdated';
  }

  delete(message: Message): void {
    if (message.state === 'hidden') this.#hidden.remove(message, 'gone');
    else this.#ready.remove(message);
    this.#received?.delete(message.id);
    this.#kept.putMessage(this, message);
  }

  /** @param timeout seconds from now until the message, which is in flight, is visible again */
  changeVisibility(message: Message, timeout: number): void {
    this.#hidden.move(message, this.#clock.now() + timeout * 1000);
    this.#kept.putMessage(this, message);
    this.wake();
  }

  /** Drops every message. */
  purge(): void {
    this.#ready = new ReadyMessages();
    this.#hidden = new HiddenMessages();
    this.#received = undefined;
    this.#kept.purge(this);
    this.#setAlarm();
  }

  /** Drops every message and refuses the waiting polls, as of a queue that does not exist. */
  remove(): void {
    this.purge();
    this.#kept.remove(this);
    this.#polls?.fail(queueDoesNotExist());
  }

  /** Ends the waiting polls with nothing. */
  endPolls(): void {
    this.#polls?.end();
  }

  #receive({ limit, visibilityTimeout }: ReceiveOptions): Message[] {
    this.#settle();
    const now = this.#clock.now();
    const messages: Message[] = [];
    while (messages.length < limit) {
      const message = this.#ready.take();
      if (!message) break;
      message.receiveCount += 1;
      if (message.receiveCount === 1) message.firstReceivedAt = now;
      this.#remember(message);
      messages.push(message);
    }
    for (const message of messages) {
      this.#hidden.add(message, now + visibilityTimeout * 1000);
      this.#kept.putMessage(this, message);
    }
    return messages;
  }

  /** Makes messages visible whose timeout has passed, and drops those older than the retention period. */
  #settle(): void {
    const now = this.#clock.now();
    for (let due = this.#hidden.takeDue(now); due; due = this.#hidden.takeDue(now)) this.#ready.add(due);
    const oldest = now - this.attributes.MessageRetentionPeriod * 1000;
    for (let next = this.#ready.peek(); next && next.sentAt <= oldest; next = this.#ready.peek()) this.delete(next);
  }

  /** While polls wait, wakes them when the next hidden message becomes visible. */
  #setAlarm(): void {
    const at = this.#polls?.size ? this.#hidden.nextReturn() : undefined;
    if (at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm =
      at === undefined
        ? undefined
        : {
            at,
            cancel: this.#clock.at(at, () => {
              this.#ring();
            }),
          };
  }

  #remember(message: Message): void {
    this.#received ??= new Map();
    this.#received.set(message.id, message);
  }

  #ring(): void {
    this.#alarm = undefined;
    this.wake();
  }
}
