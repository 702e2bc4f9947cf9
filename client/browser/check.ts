import type { ConnectOptions, Session } from './types.ts';

/** The types and words a value may be, or the least and greatest number. */
type Rule = string | readonly [least: number, greatest: number];
type Rules = Readonly<Record<string, Rule>>;

const sessionRules: Rules = {
  sqsUrl: 'URL',
  accessKey: 'string',
  secretKey: 'string',
  sessionToken: 'string',
  expires: [1, Infinity],
};

const optionRules: Rules = {
  renew: 'function',
  poll: 'always, visible-only, function, undefined',
  attempts: [1, Infinity],
  retry: 'function, undefined',
  share: 'boolean, undefined',
  region: 'string, undefined',
  waitTime: [0, 20],
  visibilityTimeout: [1, 43_200],
  typeField: 'string, undefined',
  debug: 'boolean, function, undefined',
};

const obeys = (value: unknown, rule: Rule): boolean => {
  if (rule === 'URL') return /^https?:\/\/./.test(String(value));
  if (typeof rule === 'string')
    return value !== '' && rule.split(', ').some((word) => word === typeof value || word === value);
  return typeof value === 'number' && value >= rule[0] && value <= rule[1];
};

/** @throws TypeError that names the value that is missing or wrong, and does not show it: it may be a secret. */
const check = (given: unknown, rules: Rules, prefix: string): void => {
  for (const [name, rule] of Object.entries(rules)) {
    const value = (Object(given) as Readonly<Record<string, unknown>>)[name];
    if (obeys(value, rule) || (value === undefined && rules === optionRules && typeof rule !== 'string')) continue;
    const right = typeof rule === 'string' ? rule : rule.join(' to ');
    throw new TypeError(`${prefix}${name} must be ${right}, not ${typeof value}`);
  }
};

/**
 * Returns the session as a plain copy, which can be sent to other tabs.
 * @param source what the session came from: the names in errors begin with it.
 * @throws TypeError that names the field that is missing or wrong.
 */
export const checkSession = (session: unknown, source: string): Session => {
  check(session, sessionRules, `${source}.`);
  return JSON.parse(JSON.stringify(session)) as Session;
};

/** @throws TypeError that names the option that is missing or wrong. */
export const checkOptions = (options: ConnectOptions): void => {
  check(options, optionRules, '');
};
