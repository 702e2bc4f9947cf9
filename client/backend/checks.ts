import { InvalidRequest } from './errors.ts';
import type { Addressees } from './types.ts';

const show = (value: unknown): string => {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? 'an object' : String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
};

/** @throws InvalidRequest naming the field */
export const refuse = (field: string, value: unknown, expected: string): never => {
  throw new InvalidRequest(`${field} is ${show(value)}, but must be ${expected}`);
};

export const checkInteger = (field: string, value: number): number => {
  if (!Number.isSafeInteger(value)) refuse(field, value, 'an integer from -(2^53 - 1) to 2^53 - 1');
  return value;
};

/** A character is a code point, as the service counts them. */
export const checkSessionId = (value: string): string => {
  const isRight = typeof value === 'string' && value.isWellFormed() && value !== '' && Array.from(value).length <= 255;
  if (!isRight) refuse('sessionId', value, 'a text of 1 to 255 Unicode characters');
  return value;
};

export const checkAddressees = ({ accountId, sessionId, userId }: Addressees): Addressees => ({
  accountId: checkInteger('accountId', accountId),
  ...(sessionId !== undefined && { sessionId: checkSessionId(sessionId) }),
  ...(userId !== undefined && { userId: checkInteger('userId', userId) }),
});
