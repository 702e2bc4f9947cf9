/** The rules of a Choice. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
import { compileQuery } from './expressions.ts';
import { runtimeFailure } from './failures.ts';
import { Fields } from './fields.ts';
import type { Json } from './json.ts';
import type { Query, Scope } from './scope.ts';

export type Rule = (scope: Scope) => boolean;

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const isTimestamp = (value: Json): value is string => typeof value === 'string' && timestamp.test(value);

const typeTests: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => value !== undefined && isTimestamp(value),
};

const orders: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};

/** A value as something to compare, by the kind of comparison; undefined when it has another type, which matches nothing. */
const comparable: Readonly<Record<string, (value: Json) => number | string | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: (value) => (isTimestamp(value) ? Date.parse(value) : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** `*` stands for any text, `\*` for an asterisk. */
const matches = (value: Json, pattern: string): boolean => {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => escaped(part.replace(/\\([*\\])/g, '$1')));
  return typeof value === 'string' && new RegExp(`^${parts.join('.*')}$`, 's').test(value);
};

type Comparison = (value: Json, expected: Json) => boolean;

const comparisonOf = (kind: string, order: string): Comparison | undefined => {
  const [read, compare] = [comparable[kind], orders[order]];
  if (!read || !compare || (kind === 'Boolean' && order !== 'Equals')) return undefined;
  return (value, expected) => {
    const [a, b] = [read(value), read(expected)];
    return a !== undefined && b !== undefined && compare(a, b);
  };
};

const compileComparison = (fields: Fields, variable: Query, name: string): Rule => {
  const operand = fields.get(name) ?? null;
  const present: (scope: Scope, query: Query) => Json = (scope, query) => {
    const found = query(scope);
    if (found === undefined) throw runtimeFailure(`Invalid path: the choice state's path finds nothing in the input`);
    return found;
  };
  if (name === 'StringMatches') {
    const pattern = fields.text(name);
    return (scope) => matches(present(scope, variable), pattern);
  }
  const [, kind = '', order = '', path] = /^(String|Numeric|Timestamp|Boolean)(\w+?)(Path)?$/.exec(name) ?? [];
  const compare = comparisonOf(kind, order) ?? fields.refuse(`${name} is not supported`);
  if (path !== undefined) {
    const other = compileQuery(`${fields.where}, ${name}`, operand);
    return (scope) => compare(present(scope, variable), present(scope, other));
  }
  if (comparable[kind]?.(operand) === undefined) fields.refuse(`${name} cannot be ${JSON.stringify(operand)}`);
  return (scope) => compare(present(scope, variable), operand);
};

/** Compiles a rule without its Next. @throws DefinitionError */
export const compileRule = (fields: Fields): Rule => {
  const inner = (name: string): readonly Rule[] => fields.objects(name).map(compileRule);
  const [kind, ...others] = fields.rest;
  if (kind === undefined || ['And', 'Or', 'Not'].some((name) => others.includes(name)))
    return fields.refuse('a rule needs one comparison');
  if (kind === 'Not') {
    const rule = compileRule(new Fields(fields.where, fields.get('Not')));
    return (scope) => !rule(scope);
  }
  if (kind === 'And' || kind === 'Or') {
    const rules = inner(kind);
    return kind === 'And'
      ? (scope) => rules.every((rule) => rule(scope))
      : (scope) => rules.some((rule) => rule(scope));
  }
  const variable = compileQuery(`${fields.where}, Variable`, fields.get('Variable'));
  const [name, ...more] = fields.rest;
  if (name === undefined || more.length > 0) return fields.refuse('a rule needs one comparison');
  const test = typeTests[name];
  if (!test) return compileComparison(fields, variable, name);
  const expected = fields.get(name);
  if (typeof expected !== 'boolean') return fields.refuse(`${name} must be true or false`);
  return (scope) => test(variable(scope)) === expected;
};
