/** Narrows values of unknown shape. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is neither null nor a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The member of an object; undefined when there is none, or when the value is not an object. */
export const memberOf = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** A list as it is, a single value as a list of one: policies and templates allow both. */
export const asList = <T>(value: T | readonly T[]): readonly T[] => (isListOf(value) ? value : [value]);

const isListOf = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

/** A text as it is; an empty one for another value. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether a boolean of a template is true. CloudFormation takes booleans as text too. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** The text of something that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
