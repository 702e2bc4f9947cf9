import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { isObject } from '../values.ts';
import { invalidParameter, missingParameter } from './errors.ts';

/**
 * A parameter of the wrong type is a SerializationException, as in Smithy's JSON protocol; one that is missing or out of range has the
 * codes of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 * Assumed: the messages.
 */
const malformed = (name: string, expected: string) =>
  new AwsError('SerializationException', `${name} can not be converted to ${expected}`);

/** @throws AwsError when the parameter is there and not a string. */
export const optionalText = (parameters: Parameters, name: string): string | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(name, 'a String');
  return value;
};

/** @throws AwsError MissingParameter when the parameter is absent or empty. */
export const requiredText = (parameters: Parameters, name: string): string => {
  const value = optionalText(parameters, name);
  if (!value) throw missingParameter(name);
  return value;
};

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** An integer; the query protocol carries it as text. @throws AwsError InvalidParameterValue outside of the range. */
export const optionalInteger = (parameters: Parameters, name: string, { from, to }: Range): number | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw malformed(name, 'an Integer');
  if (number < from || number > to) {
    const reason = `Must be between ${from} and ${to}, if provided.`;
    throw invalidParameter(`Value ${number} for parameter ${name} is invalid. Reason: ${reason}`);
  }
  return number;
};

/** @throws AwsError when the parameter is there and not an object. */
export const optionalObject = (parameters: Parameters, name: string): Parameters | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformed(name, 'a Map');
  return value;
};

/** A map of strings, empty when it is absent. */
export const textMap = (parameters: Parameters, name: string): ReadonlyMap<string, string> => {
  const entries = Object.entries(optionalObject(parameters, name) ?? {});
  return new Map(
    entries.map(([key, value]) => {
      if (typeof value !== 'string') throw malformed(`${name}.${key}`, 'a String');
      return [key, value];
    }),
  );
};

const list = (parameters: Parameters, name: string): readonly unknown[] => {
  const value = parameters[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(name, 'a List');
  return value;
};

/** A list of strings, empty when it is absent. */
export const textList = (parameters: Parameters, name: string): readonly string[] =>
  list(parameters, name).map((value) => {
    if (typeof value !== 'string') throw malformed(name, 'a List of Strings');
    return value;
  });

/** A list of objects, empty when it is absent. */
export const objectList = (parameters: Parameters, name: string): readonly Parameters[] =>
  list(parameters, name).map((value) => {
    if (!isObject(value)) throw malformed(name, 'a List of Structures');
    return value;
  });
