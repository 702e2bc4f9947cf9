import { checkAddressees, checkInteger, refuse } from './checks.ts';
import { MessageTooLarge } from './errors.ts';
import type { Addressees } from './types.ts';

/**
 * A message for the stream: an object with the members that route it and any others, or its JSON text, which arrives to the
 * byte (for integers beyond 2^53).
 */
export type Message<Members extends Addressees = Addressees> = Members | string;

/** A message that is on the stream. */
export interface Published {
  /** What browsers know it by. */
  readonly messageId: string;
}

/** The longest message body that is delivered, bytes of UTF-8. */
const limit = 200 * 1024;

/** @throws MessageTooLarge */
const checkSize = (field: string, text: string): string => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return text;
  throw new MessageTooLarge(`${field} has ${bytes} bytes, but at most ${limit} can be delivered`);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** SQS refuses these two characters; within JSON they can be escaped. */
const escapeRefused = (json: string): string =>
  json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** @throws InvalidRequest */
const readText = (field: string, text: string): Readonly<Record<string, unknown>> => {
  if (/[\uFFFE\uFFFF]/.test(text) || !text.isWellFormed()) {
    refuse(field, text, 'without U+FFFE, U+FFFF and halves of surrogate pairs, which SQS refuses');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Refused below.
  }
  return refuse(field, text, 'the JSON text of an object');
};

/** A message's text and what it says. @throws InvalidRequest naming the field, MessageTooLarge */
const readMessage = (field: string, message: unknown): { text: string; members: Readonly<Record<string, unknown>> } => {
  if (typeof message === 'string') return { text: checkSize(field, message), members: readText(field, message) };
  if (!isObject(message)) refuse(field, message, 'an object or its JSON text');
  const text = checkSize(field, escapeRefused(JSON.stringify(message)));
  // What is sent counts: toJSON, undefined and Date say something else than the object does.
  return { text, members: readText(field, text) };
};

/** A message as a record of the stream. @throws InvalidRequest naming the field, MessageTooLarge */
export const readStreamMessage = (message: Message, index: number): { text: string; accountId: number } => {
  const { text, members } = readMessage(`messages[${index}]`, message);
  const { accountId } = checkAddressees(members as unknown as Addressees);
  return { text, accountId };
};

const routing = ['accountId', 'sessionId', 'userId'] as const;

/**
 * The body of a notify call.
 * @throws InvalidRequest when the message names somebody else than the target, which would narrow or change it;
 * MessageTooLarge
 */
export const readNotifyMessage = (target: Addressees, message: object | string): string => {
  const { text, members } = readMessage('message', message);
  for (const name of routing) {
    const value = members[name];
    if (value === undefined || value === target[name]) continue;
    const right = target[name] === undefined ? 'left out, or named by the target too' : `the target's, or left out`;
    refuse(`message.${name}`, value, right);
  }
  if (typeof message !== 'string') checkSize('message', JSON.stringify({ ...target, ...members }));
  return text;
};

/** Seconds; the bounds are SQS's. */
export const checkRetention = (seconds: number): number => {
  const isRight = checkInteger('messageRetentionPeriod', seconds) >= 60 && seconds <= 1_209_600;
  if (!isRight) refuse('messageRetentionPeriod', seconds, 'an integer from 60 to 1209600');
  return seconds;
};
