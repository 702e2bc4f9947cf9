import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { PolicyError } from './policy-error.ts';
import type { RequestContext } from './request-context.ts';
import { textTemplate } from './text-template.ts';

/** Whether one value of the request matches the policy's value. */
export type ValueTest = (value: string, context: RequestContext) => boolean;

/**
 * What each condition operator compares. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * `compile` reads the policy's value. @throws PolicyError when it is not of the operator's kind.
 */
export interface Operator {
  readonly compile: (policyValue: string, variables: boolean) => ValueTest;
  /** The condition holds when no policy value matches, and when the key is absent. */
  readonly negated: boolean;
}

type Compile = Operator['compile'];

const text =
  (rules: { wildcards: boolean; ignoreCase?: boolean }): Compile =>
  (policyValue, variables) => {
    const template = textTemplate(policyValue, { ...rules, variables });
    return (value, context) => template.matches(value, context);
  };

const componentCount = 6;

/** An ARN's six components, split at `colon`; the last keeps its colons. */
const arnComponents = (text: string, colon: RegExp): string[] | undefined => {
  const parts = text.split(colon);
  return parts.length < componentCount
    ? undefined
    : [...parts.slice(0, componentCount - 1), parts.slice(componentCount - 1).join(':')];
};

/** A colon that separates components. One within a policy variable's name does not. */
const colonOutsideVariables = /(?<!\$\{[^}]*):/;

const arn: Compile = (policyValue, variables) => {
  const components = arnComponents(policyValue, colonOutsideVariables);
  if (!components) throw new PolicyError(`${policyValue} is not an ARN`);
  const templates = components.map((component) => textTemplate(component, { wildcards: true, variables }));
  return (value, context) => {
    const actual = arnComponents(value, /:/);
    return actual !== undefined && templates.every((template, index) => template.matches(actual[index] ?? '', context));
  };
};

const numberOf = (value: string): number => (/^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN);

/** The W3C's profile of ISO 8601. */
const dateForm = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

/** A date in ISO 8601 or in seconds since the epoch, as milliseconds. */
const dateOf = (value: string): number => (dateForm.test(value) ? Date.parse(value) : numberOf(value) * 1000);

const ordered =
  (read: (value: string) => number, holds: (value: number, limit: number) => boolean): Compile =>
  (policyValue) => {
    const limit = read(policyValue);
    if (Number.isNaN(limit))
      throw new PolicyError(`${policyValue} is not a value this condition operator compares with`);
    return (value) => holds(read(value), limit);
  };

const boolean: Compile = (policyValue, variables) => {
  if (!variables || !policyValue.includes('${')) {
    if (!/^(true|false)$/i.test(policyValue)) throw new PolicyError(`Bool takes true or false, not ${policyValue}`);
  }
  return text({ wildcards: false, ignoreCase: true })(policyValue, variables);
};

const binary: Compile = (policyValue) => {
  const bytes = Buffer.from(policyValue, 'base64');
  if (bytes.toString('base64') !== policyValue) throw new PolicyError(`${policyValue} is not base64`);
  return (value) => Buffer.from(value, 'base64').equals(bytes);
};

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined => {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
};

const ipAddress: Compile = (policyValue) => {
  const [address = '', prefix] = policyValue.split('/');
  const family = familyOf(address);
  const bits = family === 'ipv4' ? 32 : 128;
  const length = prefix === undefined ? bits : numberOf(prefix);
  if (!family || !Number.isInteger(length) || length < 0 || length > bits) {
    throw new PolicyError(`${policyValue} is not an IP address or range`);
  }
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return (value) => {
    const actual = familyOf(value);
    return actual !== undefined && range.check(value, actual);
  };
};

const equal = (value: number, limit: number) => value === limit;
const less = (value: number, limit: number) => value < limit;
const lessOrEqual = (value: number, limit: number) => value <= limit;
const greater = (value: number, limit: number) => value > limit;
const greaterOrEqual = (value: number, limit: number) => value >= limit;

const is = (compile: Compile): Operator => ({ compile, negated: false });
const isNot = (compile: Compile): Operator => ({ compile, negated: true });

export const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', is(text({ wildcards: false }))],
  ['StringNotEquals', isNot(text({ wildcards: false }))],
  ['StringEqualsIgnoreCase', is(text({ wildcards: false, ignoreCase: true }))],
  ['StringNotEqualsIgnoreCase', isNot(text({ wildcards: false, ignoreCase: true }))],
  ['StringLike', is(text({ wildcards: true }))],
  ['StringNotLike', isNot(text({ wildcards: true }))],
  ['NumericEquals', is(ordered(numberOf, equal))],
  ['NumericNotEquals', isNot(ordered(numberOf, equal))],
  ['NumericLessThan', is(ordered(numberOf, less))],
  ['NumericLessThanEquals', is(ordered(numberOf, lessOrEqual))],
  ['NumericGreaterThan', is(ordered(numberOf, greater))],
  ['NumericGreaterThanEquals', is(ordered(numberOf, greaterOrEqual))],
  ['DateEquals', is(ordered(dateOf, equal))],
  ['DateNotEquals', isNot(ordered(dateOf, equal))],
  ['DateLessThan', is(ordered(dateOf, less))],
  ['DateLessThanEquals', is(ordered(dateOf, lessOrEqual))],
  ['DateGreaterThan', is(ordered(dateOf, greater))],
  ['DateGreaterThanEquals', is(ordered(dateOf, greaterOrEqual))],
  ['Bool', is(boolean)],
  ['BinaryEquals', is(binary)],
  ['IpAddress', is(ipAddress)],
  ['NotIpAddress', isNot(ipAddress)],
  ['ArnEquals', is(arn)],
  ['ArnLike', is(arn)],
  ['ArnNotEquals', isNot(arn)],
  ['ArnNotLike', isNot(arn)],
]);
