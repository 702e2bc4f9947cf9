import { membersOf } from '../shared/json.ts';
import type { ConnectOptions, Session } from './types.ts';

/** What a value may be, by its name: types, words, or a range of numbers, separated by commas. */
type Rules = Readonly<Record<string, string>>;

const sessionRules: Rules = {
  sqsUrl: 'URL',
  accessKey: 'string',
  secretKey: 'string',
  sessionToken: 'string',
  expires: '1 to Infinity',
};

const optionRules: Rules = {
  renew: 'function',
  poll: 'always, visible-only, function, undefined',
  attempts: '1 to Infinity, undefined',
  retry: 'function, undefined',
  share: 'boolean, undefined',
  region: 'string, undefined',
  waitTime: '0 to 20, undefined',
  visibilityTimeout: '1 to 43200, undefined',
  debug: 'function, undefined',
};

const obeys = (value: unknown, word: string): boolean => {
  if (word === 'URL') return /^https?:\/\/./.test(String(value));
  const [least, greatest] = word.split(' to ');
  if (typeof value === 'number') return value >= Number(least) && value <= Number(greatest);
  return value === word || (typeof value === word && value !== '');
};

/** @throws TypeError that names the value that is missing or wrong, and does not show it: it may be a secret. */
const check = (given: unknown, rules: Rules, prefix: string): void => {
  for (const [name, rule] of Object.entries(rules)) {
    const value = membersOf(given)[name];
    if (rule.split(', ').some((word) => obeys(value, word))) continue;
    throw new TypeError(`${prefix}${name} must be ${rule}, not ${typeof value}`);
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
