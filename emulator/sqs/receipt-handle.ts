import type { Message } from './message.ts';

/** What a receipt handle says; `count` is the message's receive count when it was given out. */
export interface Receipt {
  readonly messageId: string;
  readonly count: number;
}

const idLength = 36;

/** A handle names the queue (by its token), the message and the receive. */
export const receiptHandle = (queueToken: string, message: Message): string =>
  queueToken + message.id + message.receiveCount.toString(36);

/** @returns undefined when the handle is none of this queue's. */
export const readReceiptHandle = (queueToken: string, handle: string): Receipt | undefined => {
  const end = queueToken.length + idLength;
  const count = handle.slice(end);
  if (!handle.startsWith(queueToken) || !/^[0-9a-z]{1,8}$/.test(count)) return undefined;
  return { messageId: handle.slice(queueToken.length, end), count: parseInt(count, 36) };
};
