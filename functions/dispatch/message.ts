import * as z from 'zod/mini';
import { maxMessageBytes } from '../../client/shared/parameters.ts';
import { InvalidRequest, MessageTooLarge } from '../aws/errors.ts';
import { checkInteger, checkObject, checkSessionId } from '../aws/input.ts';

/** The recipients of a message: all sessions of the account, a user's sessions, one session, or one session of one user. */
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

/** A message whose body, of `bytes` bytes, is compressed: Brotli, in Base64. */
export interface CompressedMessage extends Envelope {
  readonly compressed: string;
  readonly bytes: number;
}

/** A message that is too large for a state machine's data. Its body, of `bytes` bytes, is in the bucket of messages. */
export interface OffloadedMessage extends Envelope {
  readonly offloaded: true;
  readonly bytes: number;
}

export type Message = InlineMessage | CompressedMessage | OffloadedMessage;

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
  z.object({ ...envelope, compressed: z.string(), bytes: z.int() }),
  z.object({ ...envelope, offloaded: z.literal(true), bytes: z.int() }),
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

/**
 * The characters a JSON text can hold that SQS refuses in a message: of U+0000 to U+10FFFF without surrogates SQS takes
 * all but U+FFFE, U+FFFF and most control characters (SendMessageBatch in its API reference), and JSON has control
 * characters only as escapes.
 */
const refusedCharacters = /[\uFFFE\uFFFF]/;

/**
 * Reads the recipients of a message from its text.
 * @param field what the text is called in a failure: `record`, `message`
 * @param prefix what comes before the names of its members in a failure
 * @throws MessageTooLarge, or InvalidRequest naming what is wrong
 */
export const readAddressees = (field: string, text: string, prefix = ''): Addressees => {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxMessageBytes) throw new MessageTooLarge(bytes, maxMessageBytes);
  if (refusedCharacters.test(text) || !text.isWellFormed()) {
    throw new InvalidRequest(field, text, 'without the characters that SQS refuses: U+FFFE, U+FFFF, half a surrogate');
  }
  const { accountId, sessionId, userId } = checkObject(field, parse(field, text));
  return {
    accountId: checkJsonInteger(`${prefix}accountId`, accountId),
    ...(sessionId !== undefined && { sessionId: checkSessionId(sessionId, `${prefix}sessionId`) }),
    ...(userId !== undefined && { userId: checkJsonInteger(`${prefix}userId`, userId) }),
  };
};

/** @throws InvalidRequest when the text is not JSON */
export const parse = (field: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequest(field, text, 'a JSON object');
  }
};

/** A number, never its decimal text: what a message says is not reinterpreted. */
const checkJsonInteger = (field: string, value: unknown): number => {
  if (typeof value !== 'number') throw new InvalidRequest(field, value, 'an integer');
  return checkInteger(field, value);
};

/** JSON with no character in it that SQS refuses. */
export const sqsJson = (value: unknown): string => escapeRefused(JSON.stringify(value));

/** Escapes what SQS and UTF-8 refuse in a JSON text; such characters can only be within strings. */
export const escapeRefused = (json: string): string =>
  json.replace(/[\uFFFE\uFFFF\p{Surrogate}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** The part of a Kinesis event's record that dispatch reads. */
export const streamRecordSchema = z.object({
  /** `<shardId>:<sequenceNumber>` */
  eventID: z.string(),
  kinesis: z.object({
    sequenceNumber: z.string(),
    partitionKey: z.string(),
    /** Base64. */
    data: z.string(),
    /** Epoch seconds with decimals. */
    approximateArrivalTimestamp: z.number(),
  }),
});
export type StreamRecord = z.output<typeof streamRecordSchema>;

/** Keeps a byte order mark, so that the body stays what was put; JSON.parse then refuses it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a message from a record. The body is the record's text to the byte.
 * @throws InvalidRequest naming what is wrong, MessageTooLarge
 */
export const readRecord = ({ eventID, kinesis }: StreamRecord): InlineMessage => {
  const text = decode(Buffer.from(kinesis.data, 'base64'));
  return { ...readAddressees('record', text), messageId: eventID, sentAt: arrivedAt(kinesis), body: text };
};

/** When the record arrived in the stream, in epoch milliseconds. */
export const arrivedAt = ({ approximateArrivalTimestamp }: StreamRecord['kinesis']): number =>
  Math.round(approximateArrivalTimestamp * 1000);

const decode = (data: Buffer): string => {
  try {
    return decoder.decode(data);
  } catch {
    throw new InvalidRequest('record', data.toString('utf8', 0, 200), 'text in UTF-8');
  }
};
