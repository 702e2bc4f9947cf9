import * as z from 'zod/mini';
import { parameters, type ParameterName } from '../../client/shared/parameters.ts';
import { InvalidRequest } from './errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

const { maxLength: maxSessionIdLength } = parameters.sessionId.schema;

/**
 * Reads a function's input.
 * @throws InvalidRequest naming the first member that is wrong
 */
export const readInput = <S extends z.core.$ZodType>(schema: S, input: unknown): z.core.output<S> => {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  throw new InvalidRequest(path || 'input', undefined, 'as the dispatch machine takes it');
};

/**
 * A JavaScript safe integer, negative ones too: a number, or its plain decimal text as a path carries it. Every integer
 * has one text only, so that one session has one URL: no sign but a minus, no leading zeros, no point, exponent or hex,
 * and no "-0".
 * @throws InvalidRequest naming the field
 */
export const checkInteger = (field: string, value: unknown): number => {
  const number = readInteger(value);
  if (number === undefined) {
    throw new InvalidRequest(field, value, 'an integer from -(2^53 - 1) to 2^53 - 1 in plain decimal');
  }
  return number;
};

const readInteger = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^(?:0|-?[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
  // JSON's -0 is the integer 0.
  return typeof number === 'number' && Number.isSafeInteger(number) ? number + 0 : undefined;
};

/** An integer, or its text, within bounds. @throws InvalidRequest naming the field and the bounds */
export const checkIntegerWithin = (
  field: string,
  value: unknown,
  { minimum: min, maximum: max }: { readonly minimum: number; readonly maximum: number },
): number => {
  const number = readInteger(value);
  if (number === undefined || number < min || number > max) {
    throw new InvalidRequest(field, value, `an integer from ${min} to ${max}`);
  }
  return number;
};

/**
 * A text of 1 to 255 characters. A character is a Unicode code point, so that 255 emoji are 255 characters; with at most
 * 4 bytes each that is 1020 bytes, within DynamoDB's 1024 for a sort key. Half a surrogate pair is no character: UTF-8
 * cannot carry it, so the id would come back changed.
 * @throws InvalidRequest naming the field
 */
export const checkSessionId = (value: unknown, field = 'sessionId'): string => {
  if (
    typeof value !== 'string' ||
    value === '' ||
    value.length > 2 * maxSessionIdLength ||
    Array.from(value).length > maxSessionIdLength ||
    !value.isWellFormed()
  ) {
    throw new InvalidRequest(field, value, `a text of 1 to ${maxSessionIdLength} Unicode characters`);
  }
  return value;
};

/**
 * The object a POST carried as raw text in the request's member `body`; without one, an empty object.
 * @throws InvalidRequest naming body when it is not empty and not a JSON object
 */
export const checkBody = (request: Fields): Fields => {
  const { body } = request;
  if (body === undefined || body === '') return {};
  const parsed = typeof body === 'string' ? parse(body) : body;
  if (!isObject(parsed)) throw new InvalidRequest('body', body, 'a JSON object');
  return parsed;
};

/** @throws InvalidRequest naming the field */
export const checkObject = (field: string, value: unknown): Fields => {
  if (!isObject(value)) throw new InvalidRequest(field, value, 'a JSON object');
  return value;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pairsSchema = z.array(z.tuple([z.string(), z.string()]));

/**
 * The parameters of a request's query string. The API passes them on as pairs of name and value; the last of a name counts.
 * @param query missing when a machine was started directly
 * @throws InvalidRequest naming query
 */
export const checkQuery = (query: unknown): ReadonlyMap<string, string> => {
  if (query === undefined) return new Map();
  const pairs = pairsSchema.safeParse(query);
  if (!pairs.success) throw new InvalidRequest('query', query, 'an array of pairs of texts, name and value');
  return new Map(pairs.data);
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Whether a name looks like another: in other letters, with other signs, or a part of it. */
export const isLike = (given: string, known: string): boolean => {
  const [a, b] = [plain(given), plain(known)];
  return a.length >= 4 && (a.includes(b) || b.includes(a));
};

/** A signature in the query string. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
const isSignature = (name: string): boolean => name.toLowerCase().startsWith('x-amz-');

/**
 * The parameters that a request has beside those of its path: of the query string, else of the POSTed object.
 * @param names those that the route takes
 * @throws InvalidRequest naming a parameter that the route does not take, with the right name if there is one; or query or body
 */
export const readParameters = <Name extends ParameterName>(
  request: Fields,
  ...names: readonly Name[]
): Readonly<Partial<Record<Name, unknown>>> => {
  const given = new Map<string, unknown>([...Object.entries(checkBody(request)), ...checkQuery(request['query'])]);
  for (const [name, value] of given) {
    if (isSignature(name) || names.some((known) => known === name)) continue;
    const meant = names.find((known) => isLike(name, known));
    const taken = names.length === 0 ? 'takes none beside its path' : `takes ${names.join(' and ')}`;
    throw new InvalidRequest(name, value, meant ? `called ${meant}` : `left out: the route ${taken}`);
  }
  const parameters: Partial<Record<Name, unknown>> = {};
  for (const name of names) if (given.has(name)) parameters[name] = given.get(name);
  return parameters;
};

/**
 * The members of a JSON object as they are written: name to the text of its value, so that nothing changes when they are
 * put into another object: no number is rounded, and no depth of nesting is too much. A repeated name counts once, with
 * its last value, as in JSON.parse.
 * @param text the text of an object that JSON.parse accepts.
 */
export const memberTexts = (text: string): Map<string, string> => {
  const members = new Map<string, string>();
  let at = text.indexOf('{') + 1;
  for (;;) {
    const nameStart = text.indexOf('"', at);
    if (nameStart < 0) return members;
    const nameEnd = endOfString(text, nameStart);
    const valueStart = text.indexOf(':', nameEnd) + 1;
    const valueEnd = endOfValue(text, valueStart);
    const name = String(JSON.parse(text.slice(nameStart, nameEnd)));
    members.set(name, text.slice(valueStart, valueEnd).trim());
    if (text[valueEnd] !== ',') return members;
    at = valueEnd + 1;
  }
};

/**
 * The elements of a JSON array as they are written.
 * @param text the text of an array that JSON.parse accepts.
 */
export const elementTexts = (text: string): string[] => {
  const elements: string[] = [];
  let at = text.indexOf('[') + 1;
  for (;;) {
    const end = endOfValue(text, at);
    const element = text.slice(at, end).trim();
    // Only an empty array has an empty text for an element.
    if (element !== '') elements.push(element);
    if (text[end] !== ',') return elements;
    at = end + 1;
  }
};

/** The position after the string that begins at `start`. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** The position of the comma or bracket after the value that begins at or after `start`. */
const endOfValue = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return text.length;
};
