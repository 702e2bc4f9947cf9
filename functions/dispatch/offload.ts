import type { DynamoDBClient } from '../aws/clients.ts';
import { settle } from '../aws/errors.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import { jsonBytes, type InlineMessage, type Message } from './message.ts';

/** Bytes that the messages of one execution may have as JSON. A message that is larger than this is offloaded. */
export const maxExecutionBytes = 96 * 1024;

/** Seconds an offloaded body is kept, which is far longer than a dispatch and its retries last. */
const keptFor = 24 * 3600;

/** The message as the machine carries it: as it is, or without its body, which then has to be put into the store. */
export const withoutLargeBody = (message: InlineMessage): Message => {
  if (jsonBytes(message) < maxExecutionBytes) return message;
  const { body, ...envelope } = message;
  return { ...envelope, offloaded: true, bytes: Buffer.byteLength(body) };
};

/** Keeps the bodies of messages that are too large to travel in a state machine. */
export interface MessageStore {
  /** Keeps the body under the message's id, so that a retry replaces it. */
  put(message: InlineMessage, now: number): Promise<void>;
  /** The body, or undefined when it is no longer kept. */
  bodyOf(message: Message): Promise<string | undefined>;
}

/** The store in the table Messages. Its calls throw Throttled, UpstreamUnavailable or UpstreamFailed. */
export const createMessageStore = (client: Pick<DynamoDBClient, 'call'>, tableName: string): MessageStore => ({
  put: async ({ messageId, body }, now) => {
    const ttl = String(Math.floor(now / 1000) + keptFor);
    const item = { messageId: { S: messageId }, body: { S: body }, ttl: { N: ttl } };
    await settle('dynamodb:PutItem', client.call('PutItem', { TableName: tableName, Item: item }));
  },
  bodyOf: async (message) => {
    if ('body' in message) return message.body;
    const key = { messageId: { S: message.messageId } };
    const sent = client.call('GetItem', { TableName: tableName, Key: key, ConsistentRead: true });
    const { Item } = await settle('dynamodb:GetItem', sent);
    return Item?.['body']?.S;
  },
});

/** Bodies read at once from the store. */
const readsAtOnce = 8;

/** The bodies of the messages at these positions; a body that is no longer kept is left out. */
export const loadBodies = async (
  messages: readonly Message[],
  indices: Iterable<number>,
  store: MessageStore,
): Promise<Map<number, string>> => {
  const bodies = new Map<number, string>();
  await forEachAtOnce([...new Set(indices)], readsAtOnce, async (index) => {
    const message = messages[index];
    const body = message && (await store.bodyOf(message));
    if (body !== undefined) bodies.set(index, body);
  });
  return bodies;
};
