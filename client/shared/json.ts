/** An object of JSON: not an array, not null. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isObject = (value: unknown): value is JsonObject => Object(value) === value;

/** Returns the value as an object with members of unknown types, or an empty object when it is not an object. */
export const membersOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Parses a JSON text. Returns undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
