import * as z from 'zod/mini';
import { publishLimits } from '../../client/shared/publish.ts';
import { Failure, InvalidRequest, RequestTooLarge } from '../aws/errors.ts';
import { checkObject, elementTexts, isLike, memberTexts, readInput, readParameters } from '../aws/input.ts';
import { escapeRefused, parse, readAddressees, type Addressees } from '../dispatch/message.ts';

/** An event that can be sent. */
export interface AcceptedEvent {
  readonly addressees: Addressees;
  /** The text of the message, byte for byte as it was posted, but with the characters escaped that SQS refuses. */
  readonly body: string;
  readonly idempotencyKey?: string;
}

const inputSchema = z.object({
  /** The POSTed text. */
  body: z.optional(z.unknown()),
  /** Set in place of a body that is too large. */
  isTooLarge: z.optional(z.literal(true)),
  /** The query's parameters, as pairs of name and value. */
  query: z.optional(z.unknown()),
});

/**
 * Reads each event of a publish call by itself: a wrong event does not stop the others.
 * @param input what the API passes on of the request
 * @returns for each event, in their order, what to send or why it cannot be sent
 * @throws InvalidRequest, MessageTooLarge when the request as a whole is wrong
 */
export const readEvents = (input: unknown): (AcceptedEvent | Failure)[] => {
  const { body, isTooLarge, query } = readInput(inputSchema, input);
  if (isTooLarge) throw new RequestTooLarge(publishLimits.bodyBytes);
  readParameters({ query });
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const { events, ...others } = checkObject('body', parse('body', text));
  for (const [name, value] of Object.entries(others)) {
    const isMeant = isLike(name, 'events') || (events === undefined && Array.isArray(value));
    throw new InvalidRequest(name, value, isMeant ? 'called events' : 'left out: the body takes events');
  }
  const { events: max } = publishLimits;
  if (!Array.isArray(events)) throw new InvalidRequest('events', events, `an array of 1 to ${max} events`);
  if (events.length === 0 || events.length > max) {
    throw new InvalidRequest('events', events, `an array of 1 to ${max} events, not of ${events.length}`);
  }
  const texts = elementTexts(memberTexts(text).get('events') ?? '');
  return texts.map((each, index) => readEvent(`events[${index}]`, events[index], each));
};

const readEvent = (field: string, value: unknown, text: string): AcceptedEvent | Failure => {
  try {
    return checkEvent(field, value, text);
  } catch (failure) {
    if (failure instanceof Failure) return failure;
    throw failure;
  }
};

const recipients: readonly string[] = ['accountId', 'sessionId', 'userId'];

/** @throws InvalidRequest naming the field, MessageTooLarge */
const checkEvent = (field: string, value: unknown, text: string): AcceptedEvent => {
  const { message, idempotencyKey, ...others } = checkObject(field, value);
  for (const [name, given] of Object.entries(others)) {
    const meant = ['message', 'idempotencyKey'].find((known) => isLike(name, known));
    const isRecipient = recipients.includes(name);
    const right = meant ? `called ${meant}` : `${isRecipient ? 'within' : 'left out: an event takes'} message`;
    throw new InvalidRequest(`${field}.${name}`, given, meant || isRecipient ? right : `${right} and idempotencyKey`);
  }
  checkObject(`${field}.message`, message);
  const body = escapeRefused(memberTexts(text).get('message') ?? '');
  return {
    addressees: readAddressees(`${field}.message`, body, `${field}.message.`),
    body,
    ...(idempotencyKey !== undefined && { idempotencyKey: checkKey(`${field}.idempotencyKey`, idempotencyKey) }),
  };
};

/** With at most 4 bytes a character it is within the 2,048 bytes that DynamoDB takes for a key. */
const checkKey = (field: string, value: unknown): string => {
  const { keyLength: max } = publishLimits;
  const isRight =
    typeof value === 'string' &&
    value !== '' &&
    value.length <= 2 * max &&
    Array.from(value).length <= max &&
    value.isWellFormed();
  if (isRight) return value;
  throw new InvalidRequest(field, value, `a text of 1 to ${max} Unicode characters`);
};
