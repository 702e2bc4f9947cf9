/** The template holds something malformed or not supported; the message says where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws TemplateError unless `value` is an object. */
export const objectAt = (value: unknown, location: string): JsonObject => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TemplateError(`${location} is not an object`);
  }
  return value as JsonObject;
};

/** Like objectAt, for a member that may be absent. */
export const optionalObjectAt = (value: unknown, location: string): JsonObject =>
  value === undefined ? {} : objectAt(value, location);

/** @throws TemplateError unless `value` is a list. */
export const listAt = (value: unknown, location: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new TemplateError(`${location} is not a list`);
  return value as readonly unknown[];
};

/** @throws TemplateError unless `value` is text; numbers and booleans count as text, as in CloudFormation. */
export const textAt = (value: unknown, location: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${location} is not a text`);
};
