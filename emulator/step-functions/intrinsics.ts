/**
 * The intrinsic functions. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 * A call that fails is a States.IntrinsicFailure: https://states-language.net/spec.html#appendix-a
 */
import { createHash, randomUUID } from 'node:crypto';
import { StateFailure } from './failures.ts';
import { DefinitionError } from './fields.ts';
import type { Json, JsonObject } from './json.ts';
import { isList, isObject, parseJson } from './json.ts';
import type { Expression } from './scope.ts';

type Call = (...values: readonly Json[]) => Json;

const reject = (what: string): never => {
  throw new TypeError(what);
};
const text = (value?: Json): string => (typeof value === 'string' ? value : reject('a string is missing'));

/** Characters of a string that is encoded, decoded or hashed. */
const maxCharacters = 10_000;
const short = (value: string): string =>
  value.length <= maxCharacters ? value : reject(`a string has at most ${maxCharacters} characters`);

const list = (value?: Json): readonly Json[] => (isList(value) ? value : reject('an array is missing'));
const object = (value?: Json): JsonObject => (isObject(value) ? value : reject('an object is missing'));
const integer = (value?: Json): number =>
  typeof value === 'number' ? Math.round(value) : reject('a number is missing');
const isSame = (a?: Json, b?: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

const unescape = (quoted: string): string => quoted.replace(/\\(.)/g, '$1');
const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const format: Call = (template, ...values) => {
  const parts = text(template).split(/(?<!\\)\{\}/);
  if (parts.length !== values.length + 1) return reject(`States.Format has ${parts.length - 1} placeholders`);
  return parts
    .map((part, index) => unescape(part) + (index < values.length ? shown(values[index] ?? null) : ''))
    .join('');
};

const range: Call = (first, last, by) => {
  const [start, end, step] = [integer(first), integer(last), integer(by)];
  const length = Math.floor((end - start) / step) + 1;
  if (!(length <= 1000)) return reject('States.ArrayRange makes at most 1000 items');
  return Array.from({ length: Math.max(length, 0) }, (_item, index) => start + index * step);
};

const partition: Call = (items, size) => {
  const length = integer(size) > 0 ? integer(size) : reject('a chunk has at least one item');
  return Array.from({ length: Math.ceil(list(items).length / length) }, (_chunk, index) =>
    list(items).slice(index * length, (index + 1) * length),
  );
};

const functions: Readonly<Record<string, Call>> = {
  Array: (...values) => values,
  ArrayContains: (items, wanted) => list(items).some((item) => isSame(item, wanted)),
  ArrayGetItem: (items, index) => list(items)[integer(index)] ?? reject('the array has no such item'),
  ArrayLength: (items) => list(items).length,
  ArrayPartition: partition,
  ArrayRange: range,
  ArrayUnique: (items) => list(items).filter((item, at, all) => all.findIndex((other) => isSame(item, other)) === at),
  Base64Decode: (encoded) => Buffer.from(short(text(encoded)), 'base64').toString(),
  Base64Encode: (plain) => Buffer.from(short(text(plain))).toString('base64'),
  Format: format,
  Hash: (data, algorithm) =>
    createHash(text(algorithm).replace('-', '').toLowerCase())
      .update(short(shown(data ?? null)))
      .digest('hex'),
  JsonMerge: (first, second, deep) =>
    deep === false ? { ...object(first), ...object(second) } : reject('only shallow merging is supported'),
  JsonToString: (value) => JSON.stringify(value),
  MathAdd: (a, b) => integer(a) + integer(b),
  MathRandom: (from, to, ...seed) =>
    seed.length === 0
      ? integer(from) + Math.floor(Math.random() * (integer(to) - integer(from)))
      : reject('a seed is not supported'),
  StringSplit: (joined, characters) =>
    text(joined)
      .split(new RegExp(`[${text(characters).replace(/[\]\\^-]/g, '\\$&')}]`))
      .filter((part) => part !== ''),
  StringToJson: (json) => parseJson(text(json)),
  UUID: () => randomUUID(),
};

const token =
  /\s*(?:States\.(\w+)\(|'((?:[^'\\]|\\.)*)'|(\$[^,)\s]*)|(-?\d+(?:\.\d+)?|true|false|null)(?=[\s,)])|([,)]))/y;

/** Reads one call with its arguments, from the token after `States.Name(`. */
const readCall = (name: string, source: string, compilePath: (path: string) => Expression): Expression => {
  const call = functions[name];
  if (!call) throw new SyntaxError(`States.${name} is not supported`);
  const values: Expression[] = [];
  for (;;) {
    const match = token.exec(source);
    if (!match) throw new SyntaxError('it is malformed');
    const [, inner, quoted, path, literal, mark] = match;
    if (mark === ')') break;
    if (inner !== undefined) values.push(readCall(inner, source, compilePath));
    else if (quoted !== undefined) {
      const plain = name === 'Format' && values.length === 0 ? quoted : unescape(quoted);
      values.push(() => plain);
    } else if (path !== undefined) values.push(compilePath(path));
    else if (literal !== undefined) {
      const value = parseJson(literal);
      values.push(() => value);
    }
  }
  return (scope) => {
    const given = values.map((value) => value(scope));
    try {
      return call(...given);
    } catch (error) {
      const cause = `States.${name}: ${error instanceof Error ? error.message : String(error)}`;
      throw new StateFailure('States.IntrinsicFailure', cause);
    }
  };
};

/** Compiles `States.Format('{}', $.a)`. @throws DefinitionError when it is malformed or calls what is not supported */
export const compileIntrinsic = (
  where: string,
  source: string,
  compilePath: (path: string) => Expression,
): Expression => {
  token.lastIndex = 0;
  try {
    const name = token.exec(source)?.[1];
    if (name === undefined) throw new SyntaxError('it is malformed');
    const expression = readCall(name, source, compilePath);
    if (token.lastIndex !== source.length) throw new SyntaxError('it is malformed');
    return expression;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DefinitionError(`${where}: the intrinsic function ${source} is not supported: ${error.message}`);
  }
};
