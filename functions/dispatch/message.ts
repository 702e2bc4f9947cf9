import * as z from 'zod/mini';

/** Whom a message is for: everyone of the account, a user's sessions, one session, or one session of one user. */
export interface Addressees {
  readonly accountId: number;
  readonly sessionId?: string;
  readonly userId?: number;
}

interface Envelope extends Addressees {
  /** The same across retries; clients drop repeats by it. */
  readonly messageId: string;
  /** When the message entered the system, in epoch milliseconds. */
  readonly sentAt: number;
}

/** A message that travels with its body. */
export interface InlineMessage extends Envelope {
  readonly body: string;
}

/** A message too large to travel in a state machine; its body of so many bytes is in the Messages table. */
export interface StoredMessage extends Envelope {
  readonly stored: true;
  readonly bytes: number;
}

export type Message = InlineMessage | StoredMessage;

const envelope = {
  messageId: z.string().check(z.minLength(1), z.maxLength(256)),
  sentAt: z.int(),
  accountId: z.int(),
  sessionId: z.exactOptional(z.string().check(z.minLength(1))),
  userId: z.exactOptional(z.int()),
};

/** A message as a state machine's data holds it. */
export const messageSchema = z.union([
  z.object({ ...envelope, body: z.string() }),
  z.object({ ...envelope, stored: z.literal(true), bytes: z.int() }),
]);

/** The names of the message attributes on SQS; their types are String and Number. */
export const attributeNames = { messageId: 'messageId', sentAt: 'sentAt' } as const;

const attributeBytes = Object.values(attributeNames).join('').length + 'String'.length + 'Number'.length;

/** What the message adds to a SendMessageBatch call, in bytes: the body, and names, types and values of attributes. */
export const sendBytes = (message: Message): number => {
  const body = 'body' in message ? Buffer.byteLength(message.body) : message.bytes;
  return body + attributeBytes + Buffer.byteLength(message.messageId) + String(message.sentAt).length;
};

/** Bytes of the value as JSON in UTF-8, which is what Step Functions measures. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
