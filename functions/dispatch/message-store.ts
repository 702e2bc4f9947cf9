import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { settle } from '../aws/aws-errors.ts';
import { executionLimit } from './limits.ts';
import { jsonBytes, type InlineMessage, type Message } from './message.ts';

/** Seconds a stored body is kept, which is far longer than a dispatch and its retries last. */
const keptFor = 24 * 3600;

/** The message as it may travel: as it is, or without its body, which then has to be put into the store. */
export const lighten = (message: InlineMessage): Message => {
  if (jsonBytes(message) < executionLimit) return message;
  const { body, ...envelope } = message;
  return { ...envelope, stored: true, bytes: Buffer.byteLength(body) };
};

/** Keeps the bodies of messages that are too large to travel in a state machine. */
export interface MessageStore {
  /** Keeps the body under the message's id, so that a retry replaces it. */
  put(message: InlineMessage, now: number): Promise<void>;
  /** The body, or undefined when it is no longer kept. */
  bodyOf(message: Message): Promise<string | undefined>;
}

/** The store in the table Messages. Its calls throw Throttled, UpstreamUnavailable or UpstreamFailed. */
export const createMessageStore = (client: DynamoDBClient, tableName: string): MessageStore => ({
  put: async ({ messageId, body }, now) => {
    const ttl = String(Math.floor(now / 1000) + keptFor);
    const item = { messageId: { S: messageId }, body: { S: body }, ttl: { N: ttl } };
    await settle('dynamodb:PutItem', client.send(new PutItemCommand({ TableName: tableName, Item: item })));
  },
  bodyOf: async (message) => {
    if ('body' in message) return message.body;
    const key = { messageId: { S: message.messageId } };
    const command = new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true });
    const { Item } = await settle('dynamodb:GetItem', client.send(command));
    return Item?.['body']?.S;
  },
});
