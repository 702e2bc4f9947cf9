/** An object of JSON: not an array, not null. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the value as an object whose members are not known; one without members of its own, when it is no object. */
export const membersOf = (value: unknown): JsonObject => Object(value) as JsonObject;

/** Returns what the text says, or undefined when it is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
