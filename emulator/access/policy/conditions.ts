import { isKnownKey, isMultivaluedKey } from './condition-keys.ts';
import type { ValueTest } from './condition-operators.ts';
import { operators } from './condition-operators.ts';
import { objectOf, textsOf } from './json-values.ts';
import { PolicyError } from './policy-error.ts';
import type { ContextValue, RequestContext } from './request-context.ts';

/** Whether a request meets a condition. */
export type Condition = (context: RequestContext) => boolean;

const setOperators = ['ForAllValues', 'ForAnyValue'] as const;
type SetOperator = (typeof setOperators)[number];

interface OperatorName {
  readonly set: SetOperator | undefined;
  readonly base: string;
  readonly ifExists: boolean;
}

const nameForm = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

const readName = (name: string): OperatorName => {
  const [, set, base = '', ifExists] = nameForm.exec(name) ?? [];
  return { set: setOperators.find((known) => known === set), base, ifExists: ifExists !== undefined };
};

const nullCondition = (key: string, values: readonly string[]): Condition => {
  const wanted = values.map((value) => {
    if (!/^(true|false)$/i.test(value)) throw new PolicyError(`Null takes true or false, not ${value}`);
    return value.toLowerCase() === 'true';
  });
  return (context) => wanted.includes(context(key) === undefined);
};

const valuesOf = (value: ContextValue): readonly string[] => (typeof value === 'string' ? [value] : value);

interface Comparison extends OperatorName {
  readonly key: string;
  readonly negated: boolean;
  readonly tests: readonly ValueTest[];
}

/** Whether the condition holds when the request does not have the key. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
const whenAbsent = ({ set, ifExists, negated }: Comparison): boolean => {
  if (ifExists || set === 'ForAllValues') return true;
  return set === 'ForAnyValue' ? false : negated;
};

const compare = (comparison: Comparison): Condition => {
  const { key, set, negated, tests } = comparison;
  const absent = whenAbsent(comparison);
  return (context) => {
    const found = context(key);
    if (found === undefined) return absent;
    const values = valuesOf(found);
    const holds = (value: string) => tests.some((test) => test(value, context)) !== negated;
    if (set === 'ForAllValues') return values.every((value) => value === '' || holds(value));
    if (set === 'ForAnyValue') return values.some(holds);
    const [only, ...more] = values;
    if (more.length > 0) throw new PolicyError(`${key} has several values here: it needs ForAllValues or ForAnyValue`);
    return only === undefined ? absent : holds(only);
  };
};

interface Entry {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const compileEntry = ({ operator: name, key, values }: Entry, variables: boolean): Condition => {
  if (!isKnownKey(key)) throw new PolicyError(`The condition key ${key} is not supported`);
  const lowerKey = key.toLowerCase();
  if (name === 'Null') return nullCondition(lowerKey, values);
  const read = readName(name);
  const operator = operators.get(read.base);
  if (!operator) throw new PolicyError(`The condition operator ${name} is not supported`);
  if (!read.set && isMultivaluedKey(key)) {
    throw new PolicyError(`${key} can have several values: ${name} needs ForAllValues or ForAnyValue`);
  }
  const tests = values.map((value) => operator.compile(value, variables));
  return compare({ ...read, key: lowerKey, negated: operator.negated, tests });
};

/**
 * All of a Condition element: operators and keys are joined by AND, a key's values by OR (of a negated operator by NOR).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * @throws PolicyError for an operator, a key or a value that is not supported.
 */
export const compileConditions = (element: unknown, variables: boolean): readonly Condition[] => {
  if (element === undefined) return [];
  return Object.entries(objectOf(element, 'Condition')).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys, `Condition ${operator}`)).map(([key, values]) =>
      compileEntry({ operator, key, values: textsOf(values, `Condition ${operator} ${key}`) }, variables),
    ),
  );
};
