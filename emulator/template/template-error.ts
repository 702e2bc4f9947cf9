import type { JsonObject } from '../values.ts';
import { StateError } from '../persistence/database.ts';
import { isList, isObject, messageOf } from '../values.ts';

/** The template holds something malformed or not supported; the message says where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** The error of a resource, whose message begins with the resource's logical id. Errors that are not of the template stay as they are. */
export const resourceError = (logicalId: string, error: unknown): unknown => {
  if (error instanceof StateError || messageOf(error).startsWith(`${logicalId}: `)) return error;
  return new TemplateError(`${logicalId}: ${messageOf(error)}`, { cause: error });
};

/** Does work for a resource. @throws TemplateError that names the resource */
export const forResource = <T>(logicalId: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw resourceError(logicalId, error);
  }
};

/** @throws TemplateError unless `value` is an object. */
export const objectAt = (value: unknown, location: string): JsonObject => {
  if (!isObject(value)) throw new TemplateError(`${location} is not an object`);
  return value;
};

/** Like objectAt, for a member that may be absent. */
export const optionalObjectAt = (value: unknown, location: string): JsonObject =>
  value === undefined ? {} : objectAt(value, location);

/** @throws TemplateError unless `value` is a list. */
export const listAt = (value: unknown, location: string): readonly unknown[] => {
  if (!isList(value)) throw new TemplateError(`${location} is not a list`);
  return value;
};

/** @throws TemplateError unless `value` is text; numbers and booleans count as text, as in CloudFormation. */
export const textAt = (value: unknown, location: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${location} is not a text`);
};
