import { isJsonObject, parseJson, type JsonObject } from '../shared/json.ts';
import { maxMessageBytes as limit } from '../shared/parameters.ts';
import { checkRecipients, refuse } from './checks.ts';
import { MessageTooLarge } from './errors.ts';
import type { Recipients } from './types.ts';

/**
 * A message for `publish`: an object with the members that say who gets it and any others, or the JSON text of one, which
 * arrives byte for byte (for integers beyond 2^53).
 */
export type Message<Members extends Recipients = Recipients> = Members | string;

/** A message that is published. */
export interface Published {
  /** The id by which browsers know it. */
  readonly messageId: string;
}

/** @throws MessageTooLarge */
const checkSize = (name: string, text: string): string => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return text;
  throw new MessageTooLarge(`${name} has ${bytes} bytes, but at most ${limit} can be delivered`, { bytes, limit });
};

/**
 * SQS refuses these two characters; in JSON they can be escaped.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const escapeRefused = (json: string): string =>
  json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** @throws InvalidRequest */
const readText = (field: string, text: string): JsonObject => {
  if (/[\uFFFE\uFFFF]/.test(text) || !text.isWellFormed()) {
    refuse(field, text, 'without U+FFFE, U+FFFF and halves of surrogate pairs, which SQS refuses');
  }
  const value = parseJson(text);
  return isJsonObject(value) ? value : refuse(field, text, 'the JSON text of an object');
};

/** A message's text and members. @throws InvalidRequest that names the field, MessageTooLarge */
const readMessage = (field: string, message: unknown): { text: string; members: JsonObject } => {
  if (typeof message === 'string') return { text: checkSize(field, message), members: readText(field, message) };
  if (!isJsonObject(message)) refuse(field, message, 'an object or its JSON text');
  const text = checkSize(field, escapeRefused(JSON.stringify(message)));
  // The members of the text, not of the object: toJSON, undefined and Date change them.
  return { text, members: readText(field, text) };
};

/** A message as it is published. @throws InvalidRequest that names the field, MessageTooLarge */
export const readPublishMessage = (message: Message, index: number): { text: string; accountId: number } => {
  const { text, members } = readMessage(`messages[${index}]`, message);
  return { text, accountId: checkRecipients(members).accountId };
};

/**
 * The body of a notify call.
 * @throws InvalidRequest when the message names other recipients than the target does; MessageTooLarge
 */
export const readNotifyMessage = (target: Recipients, message: object | string): string => {
  const { text, members } = readMessage('message', message);
  for (const name of ['accountId', 'sessionId', 'userId'] as const) {
    const value = members[name];
    if (value === undefined || value === target[name]) continue;
    const right = target[name] === undefined ? 'left out, or in the target too' : `the target's, or left out`;
    refuse(`message.${name}`, value, right);
  }
  if (typeof message !== 'string') checkSize('message', JSON.stringify({ ...target, ...members }));
  return text;
};
