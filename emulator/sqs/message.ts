import type { EpochMilliseconds } from '../clock.ts';
import type { MessageAttributes } from './message-attributes.ts';

/** What a sender gives. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export interface MessageContent {
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: MessageAttributes | undefined;
  /** AWSTraceHeader, the only system attribute a sender may set. */
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly senderId: string;
}

/** A message in a queue. */
export interface Message extends MessageContent {
  readonly id: string;
  readonly sentAt: EpochMilliseconds;
  /** Order of arrival, over all queues. */
  readonly sequence: number;
  /** `ready` to be received, `hidden` until visibleAt (in flight when it was received before, else delayed), or `gone`. */
  state: 'ready' | 'hidden' | 'gone';
  visibleAt: EpochMilliseconds;
  receiveCount: number;
  firstReceivedAt: EpochMilliseconds;
  /** The message behind this one in its queue. */
  next: Message | undefined;
}
