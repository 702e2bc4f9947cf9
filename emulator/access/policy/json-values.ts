import type { JsonObject } from '../../values.ts';
import { asList, isObject } from '../../values.ts';
import { PolicyError } from './policy-error.ts';

/** @throws PolicyError unless `value` is an object. */
export const objectOf = (value: unknown, what: string): JsonObject => {
  if (!isObject(value)) throw new PolicyError(`${what} is not an object`);
  return value;
};

const asText = (value: unknown, what: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new PolicyError(`${what} holds something other than strings`);
};

/** One string or a list of them; numbers and booleans may be without quotes. @throws PolicyError for an empty list. */
export const textsOf = (value: unknown, what: string): readonly string[] => {
  const texts = asList(value).map((item) => asText(item, what));
  if (texts.length === 0) throw new PolicyError(`${what} is empty`);
  return texts;
};
