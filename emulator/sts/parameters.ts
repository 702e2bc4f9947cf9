import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';

/** Refuses a parameter that breaks a constraint of the service model. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const invalid = (name: string, value: unknown, constraint: string) =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
  );

export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly form?: RegExp;
}

/** The parameter's text; `member` is its name as messages spell it. @throws AwsError ValidationError */
export const requiredText = (parameters: Parameters, name: string, limits: Limits): string => {
  const value = parameters[name];
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  if (typeof value !== 'string') throw invalid(member, undefined, 'Member must not be null');
  const { min, max, form } = limits;
  if (value.length < min || value.length > max) {
    throw invalid(member, value, `Member must have length between ${min} and ${max}`);
  }
  if (form && !form.test(value)) {
    throw invalid(member, value, `Member must satisfy regular expression pattern: ${form.source.slice(1, -1)}`);
  }
  return value;
};
