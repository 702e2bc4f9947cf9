import type { Message } from './message.ts';

/** The content of a receipt handle; `count` is the message's receive count at that receive. */
export interface Receipt {
  readonly messageId: string;
  readonly count: number;
}

const idLength = 36;

/**
 * Every receive of a message has another handle. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 * Assumed: its form, which nobody but SQS reads. Here it names the queue (by its token), the message and the receive.
 */
export const receiptHandle = (queueToken: string, message: Message): string =>
  queueToken + message.id + message.receiveCount.toString(36);

/** @returns undefined when the handle is not one of this queue. */
export const readReceiptHandle = (queueToken: string, handle: string): Receipt | undefined => {
  const end = queueToken.length + idLength;
  const count = handle.slice(end);
  if (!handle.startsWith(queueToken) || !/^[0-9a-z]{1,8}$/.test(count)) return undefined;
  return { messageId: handle.slice(queueToken.length, end), count: parseInt(count, 36) };
};
