import type { Parameters } from '../service.ts';
import { malformed, validationFailure } from './errors.ts';

/** The constraints are those of the service model: see errors.ts. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
const failure = (name: string, constraint: string) =>
  validationFailure(
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must ${constraint}`,
  );

/** @throws AwsError when the parameter is there and not a string. */
export const optionalText = (parameters: Parameters, name: string): string | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(`${name} can not be converted to a String`);
  return value;
};

/** @throws AwsError ValidationException when the parameter is absent. */
export const requiredText = (parameters: Parameters, name: string): string => {
  const value = optionalText(parameters, name);
  if (value === undefined) throw failure(name, 'not be null');
  return value;
};

/** An integer from 1 to `max`. @throws AwsError ValidationException */
export const optionalCount = (parameters: Parameters, name: string, max: number): number | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw malformed(`${name} can not be converted to an Integer`);
  }
  if (value < 1) throw failure(name, 'have value greater than or equal to 1');
  if (value > max) throw failure(name, `have value less than or equal to ${max}`);
  return value;
};

/** The length of a page, at most `max`, also when the parameter is larger. @throws AwsError ValidationException */
export const pageLength = (parameters: Parameters, name: string, max: number): number =>
  Math.min(optionalCount(parameters, name, 10_000) ?? max, max);

/** Seconds since the epoch as milliseconds. @throws AwsError when the parameter is not a number */
export const optionalTime = (parameters: Parameters, name: string): number | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw malformed(`${name} can not be converted to milliseconds since epoch`);
  }
  return Math.round(value * 1000);
};

/** @throws AwsError when a parameter is used that the emulator does not have */
export const refuse = (parameters: Parameters, ...names: readonly string[]): void => {
  const used = names.find((name) => parameters[name] !== undefined);
  if (used !== undefined) throw validationFailure(`The emulator does not support ${used}.`);
};
