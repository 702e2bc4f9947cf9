/**
 * Filter patterns for JSON events: `{ ($.level = "WARN" || $.level = "ERROR") && $.count > 5 }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 */
import { invalidParameter } from './errors.ts';

type Predicate = (event: unknown) => boolean;

const tokenPattern =
  /\s*(\|\||&&|[()]|IS\b|NOT\b|EXISTS\b|NULL\b|TRUE\b|FALSE\b|!=|>=|<=|=|>|<|\$(?:\.[\w@-]+|\[\d+\]|\["[^"]+"\])+|"(?:[^"\\]|\\.)*"|[^\s()=<>!&|]+)/y;

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  while (text.slice(tokenPattern.lastIndex).trim() !== '') {
    const match = tokenPattern.exec(text);
    if (!match) throw invalidParameter(`Invalid filter pattern near: ${text.slice(tokens.join('').length)}`);
    tokens.push(match[1] ?? '');
  }
  return tokens;
};

/** The value at `$.a.b[0]`; undefined when there is none. */
const selector = (path: string): ((event: unknown) => unknown) => {
  const steps = [...path.matchAll(/\.([\w@-]+)|\[(\d+)\]|\["([^"]+)"\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? quoted ?? '',
  );
  return (event) =>
    steps.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? Reflect.get(value, step)
          : undefined,
      event,
    );
};

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A text with `*` for anything. */
const textTest = (text: string): ((value: unknown) => boolean) => {
  const pattern = new RegExp(`^${text.split('*').map(escaped).join('.*')}$`, 's');
  return (value) => (typeof value === 'string' || typeof value === 'number') && pattern.test(String(value));
};

const numberTests: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '<': (value, limit) => value < limit,
  '>=': (value, limit) => value >= limit,
  '<=': (value, limit) => value <= limit,
};

const comparison = (operator: string, operand: string): ((value: unknown) => boolean) => {
  const isQuoted = operand.startsWith('"');
  const text = isQuoted ? operand.slice(1, -1).replaceAll(/\\(.)/g, '$1') : operand;
  const numberTest = numberTests[operator];
  if (numberTest) {
    const limit = Number(text);
    if (isQuoted || Number.isNaN(limit)) throw invalidParameter(`${operator} compares numbers, not ${operand}`);
    return (value) => typeof value === 'number' && numberTest(value, limit);
  }
  const limit = Number(text);
  const isText = textTest(text);
  const isEqual = (value: unknown): boolean =>
    !isQuoted && typeof value === 'number' && !Number.isNaN(limit) ? value === limit : isText(value);
  if (operator === '=') return isEqual;
  // A property that is not there is not different.
  if (operator === '!=') return (value) => value !== undefined && !isEqual(value);
  throw invalidParameter(`Invalid filter pattern: there is no operator ${operator}`);
};

class Parser {
  readonly #tokens: string[];
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#tokens = tokensOf(pattern.slice(1, -1));
  }

  parse(): Predicate {
    const predicate = this.#any();
    if (this.#tokens.length > 0) throw this.#malformed();
    return predicate;
  }

  #any(): Predicate {
    const first = this.#all();
    if (this.#tokens[0] !== '||') return first;
    this.#tokens.shift();
    const rest = this.#any();
    return (event) => first(event) || rest(event);
  }

  #all(): Predicate {
    const first = this.#one();
    if (this.#tokens[0] !== '&&') return first;
    this.#tokens.shift();
    const rest = this.#all();
    return (event) => first(event) && rest(event);
  }

  #one(): Predicate {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') {
      const inner = this.#any();
      if (this.#tokens.shift() !== ')') throw this.#malformed();
      return inner;
    }
    if (!token.startsWith('$')) throw this.#malformed();
    const select = selector(token);
    const operator = this.#tokens.shift() ?? '';
    const operand = this.#tokens.shift() ?? '';
    if (operator === 'NOT' && operand === 'EXISTS') return (event) => select(event) === undefined;
    if (operator === 'IS') {
      const values: Readonly<Record<string, unknown>> = { NULL: null, TRUE: true, FALSE: false };
      if (!Object.hasOwn(values, operand)) throw this.#malformed();
      return (event) => select(event) === values[operand];
    }
    if (operand === '') throw this.#malformed();
    const test = comparison(operator, operand);
    return (event) => test(select(event));
  }

  #malformed() {
    return invalidParameter(`Invalid filter pattern: ${this.#pattern}`);
  }
}

/** @throws AwsError InvalidParameterException */
export const compileJsonFilter = (pattern: string): ((message: string) => boolean) => {
  if (!pattern.endsWith('}')) throw invalidParameter(`Invalid filter pattern: ${pattern}`);
  const predicate = new Parser(pattern).parse();
  return (message) => {
    // A text that does not begin like an object is not one. So most other lines are not parsed.
    if (!message.startsWith('{')) return false;
    try {
      return predicate(JSON.parse(message));
    } catch {
      return false;
    }
  };
};
