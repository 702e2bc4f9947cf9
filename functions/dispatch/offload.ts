import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { maxMessageBytes } from '../../client/shared/parameters.ts';
import type { S3Client } from '../aws/clients.ts';
import { messageFolders } from '../aws/environment.ts';
import { settle, settleUnless } from '../aws/errors.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import { jsonBytes, type InlineMessage, type Message } from './message.ts';

/** Bytes that the messages of one execution may have as JSON. A message that is larger than this is compressed, or offloaded. */
export const maxExecutionBytes = 96 * 1024;

/** Of JSON of 200 KB it makes less than half, base64 included, in two milliseconds of a CPU. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * The message as the machine carries it: as it is; if it is too large for that, compressed; and if that is too large too, without
 * its body, which then has to be put into the store.
 */
export const carry = (message: InlineMessage): Message => {
  if (jsonBytes(message) < maxExecutionBytes) return message;
  const { body, ...envelope } = message;
  const bytes = Buffer.byteLength(body);
  const compressed = { ...envelope, bytes, compressed: brotliCompressSync(body, quality).toString('base64') };
  return jsonBytes(compressed) < maxExecutionBytes ? compressed : { ...envelope, bytes, offloaded: true };
};

/** Messages as the machine carries them; bodies that it cannot carry are put into the store. */
export const carryAll = (messages: readonly Message[], store: Pick<MessageStore, 'put'>): Promise<Message[]> =>
  Promise.all(
    messages.map(async (message) => {
      if (!('body' in message)) return message;
      const carried = carry(message);
      if ('offloaded' in carried) await store.put(message);
      return carried;
    }),
  );

/** Keeps the bodies of messages that are too large to travel in a state machine. */
export interface MessageStore {
  /** Keeps the body for a day under the message's id, so that a retry replaces it. */
  put(message: InlineMessage): Promise<void>;
  /** The body, or undefined when it is no longer kept. */
  bodyOf(message: Message): Promise<string | undefined>;
  /** Keeps the body of a dead letter for longer than the undelivered queue keeps that. */
  putDeadLetter(messageId: string, body: string): Promise<void>;
}

/** The keys of a message's body: while it is dispatched, and when it is a dead letter. */
export const bodyKeys = (messageId: string) => ({
  message: messageFolders.messages + messageId,
  deadLetter: messageFolders.deadLetters + messageId,
});

/** Bytes of bodies that are kept in memory after they were read, for further deliveries of the same messages. */
const maxRecentBytes = 8 * 1024 * 1024;

/** The texts that were added last, as many as have so many bytes. */
const createRecent = (maxBytes: number) => {
  const texts = new Map<string, string>();
  let bytes = 0;
  return {
    get: (key: string) => texts.get(key),
    add: (key: string, text: string): void => {
      if (texts.has(key)) return;
      texts.set(key, text);
      bytes += Buffer.byteLength(text);
      for (const [oldest, dropped] of texts) {
        if (bytes <= maxBytes) break;
        texts.delete(oldest);
        bytes -= Buffer.byteLength(dropped);
      }
    },
  };
};

/** The store in the bucket of messages. Its calls throw Throttled, UpstreamUnavailable or UpstreamFailed. */
export const createMessageStore = (client: Pick<S3Client, 'call'>, bucket: string): MessageStore => {
  const recent = createRecent(maxRecentBytes);
  const put = async (Key: string, Body: string): Promise<void> => {
    await settle('s3:PutObject', client.call('PutObject', { Bucket: bucket, Key, Body }));
  };
  return {
    put: ({ messageId, body }) => put(bodyKeys(messageId).message, body),
    putDeadLetter: (messageId, body) => put(bodyKeys(messageId).deadLetter, body),
    bodyOf: async (message) => {
      if ('body' in message) return message.body;
      if ('compressed' in message) {
        const compressed = Buffer.from(message.compressed, 'base64');
        return brotliDecompressSync(compressed, { maxOutputLength: maxMessageBytes }).toString();
      }
      const Key = bodyKeys(message.messageId).message;
      const known = recent.get(Key);
      if (known !== undefined) return known;
      const sent = client.call('GetObject', { Bucket: bucket, Key });
      const body = (await settleUnless('s3:GetObject', sent, ['NoSuchKey'], undefined))?.Body;
      if (body !== undefined) recent.add(Key, body);
      return body;
    },
  };
};

/** Bodies read or written at once. */
export const bodiesAtOnce = 8;

/** The bodies of the messages at these positions; a body that is no longer kept is left out. */
export const loadBodies = async (
  messages: readonly Message[],
  indices: Iterable<number>,
  store: Pick<MessageStore, 'bodyOf'>,
): Promise<Map<number, string>> => {
  const bodies = new Map<number, string>();
  await forEachAtOnce([...new Set(indices)], bodiesAtOnce, async (index) => {
    const message = messages[index];
    const body = message && (await store.bodyOf(message));
    if (body !== undefined) bodies.set(index, body);
  });
  return bodies;
};
