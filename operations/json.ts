import * as z from 'zod/mini';

/** The value of a JSON text; undefined when the text is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The value of a JSON text as the schema has it; undefined when the text is not JSON, or another value. */
export const readJson = <T>(schema: z.ZodMiniType<T>, text: string): T | undefined =>
  schema.safeParse(parseJson(text)).data;

const objectSchema = z.record(z.string(), z.unknown());

/** The members of a JSON object; undefined when the text is not the text of one. */
export const readObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  return readJson(objectSchema, text);
};
