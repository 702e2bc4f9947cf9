import { parameters } from '../shared/parameters.ts';
import { publishLimits } from '../shared/publish.ts';
import { InvalidRequest } from './errors.ts';
import type { Recipients } from './types.ts';

const show = (value: unknown): string => {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? 'an object' : String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
};

/** @throws InvalidRequest that names the field, its value and what is right */
export const refuse = (field: string, value: unknown, expected: string): never => {
  throw new InvalidRequest(`${field} is ${show(value)}, but must be ${expected}`, { field });
};

export const checkInteger = (field: string, value: unknown): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return refuse(field, value, 'an integer from -(2^53 - 1) to 2^53 - 1');
};

const { maxLength } = parameters.sessionId.schema;
const { schema: retention } = parameters.MessageRetentionPeriod;

/** The service counts code points, so this does too. */
export const checkSessionId = (value: unknown): string => {
  if (typeof value === 'string' && value.isWellFormed() && value !== '' && Array.from(value).length <= maxLength)
    return value;
  return refuse('sessionId', value, `a text of 1 to ${maxLength} Unicode characters`);
};

const { keyLength } = publishLimits;

/** @throws InvalidRequest */
export const checkKey = (field: string, value: unknown): string => {
  const isRight =
    typeof value === 'string' && value.isWellFormed() && value !== '' && Array.from(value).length <= keyLength;
  return isRight ? value : refuse(field, value, `a text of 1 to ${keyLength} Unicode characters`);
};

/** The members that say who gets a message. @throws InvalidRequest */
export const checkRecipients = ({
  accountId,
  sessionId,
  userId,
}: Readonly<Partial<Record<keyof Recipients, unknown>>>): Recipients => ({
  accountId: checkInteger('accountId', accountId),
  ...(sessionId !== undefined && { sessionId: checkSessionId(sessionId) }),
  ...(userId !== undefined && { userId: checkInteger('userId', userId) }),
});

/** @throws InvalidRequest */
export const checkNumber = (
  field: string,
  value: unknown,
  { min, max, isInteger = false }: { readonly min: number; readonly max: number; readonly isInteger?: boolean },
): number => {
  const isRight = typeof value === 'number' && value >= min && value <= max && (!isInteger || Number.isInteger(value));
  return isRight ? value : refuse(field, value, `${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}`);
};

/** Seconds. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const checkRetention = (seconds: number): number =>
  checkNumber('messageRetentionPeriod', seconds, {
    min: retention.minimum,
    max: retention.maximum,
    isInteger: true,
  });
