/**
 * Metric math: + - * /, numbers, parentheses, ids of other queries, and FILL(id, number).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { AwsError } from '../service.ts';

/** Values by their time. */
export type Series = ReadonlyMap<number, number>;

type Value = number | Series;

interface Scope {
  /** @throws AwsError for an id that there is not */
  readonly series: (id: string) => Series;
  /** All times of the period that is asked for, for FILL. */
  readonly times: readonly number[];
}

const refused = (message: string) => new AwsError('ValidationError', message);

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Two series give values where both have one. */
const combine = (a: Value, b: Value, operator: string): Value => {
  const apply = operators[operator] ?? (() => NaN);
  if (typeof a === 'number' && typeof b === 'number') return apply(a, b);
  const times = typeof a === 'number' ? [...(b as Series).keys()] : [...a.keys()];
  const at = (value: Value, time: number) => (typeof value === 'number' ? value : value.get(time));
  return new Map(
    times.flatMap((time) => {
      const [left, right] = [at(a, time), at(b, time)];
      return left === undefined || right === undefined ? [] : [[time, apply(left, right)] as const];
    }),
  );
};

class Evaluation {
  readonly #tokens: string[];
  readonly #scope: Scope;
  readonly #text: string;

  constructor(text: string, scope: Scope) {
    this.#text = text;
    this.#tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z]\w*|\S/g) ?? [];
    this.#scope = scope;
  }

  evaluate(): Value {
    const value = this.#sum();
    if (this.#tokens.length > 0) throw this.#notSupported();
    return value;
  }

  #sum(): Value {
    let value = this.#product();
    while (this.#tokens[0] === '+' || this.#tokens[0] === '-') {
      const operator = this.#tokens.shift() ?? '';
      value = combine(value, this.#product(), operator);
    }
    return value;
  }

  #product(): Value {
    let value = this.#operand();
    while (this.#tokens[0] === '*' || this.#tokens[0] === '/') {
      const operator = this.#tokens.shift() ?? '';
      value = combine(value, this.#operand(), operator);
    }
    return value;
  }

  #operand(): Value {
    const token = this.#tokens.shift() ?? '';
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') return this.#closed(this.#sum());
    if (token === 'FILL' && this.#tokens[0] === '(') return this.#fill();
    if (/^[a-z]/.test(token)) return this.#scope.series(token);
    throw this.#notSupported();
  }

  #fill(): Value {
    this.#tokens.shift();
    const value = this.#sum();
    if (this.#tokens.shift() !== ',') throw this.#notSupported();
    const filling = this.#sum();
    if (typeof value === 'number' || typeof filling !== 'number') throw this.#notSupported();
    return this.#closed(new Map(this.#scope.times.map((time) => [time, value.get(time) ?? filling])));
  }

  #closed(value: Value): Value {
    if (this.#tokens.shift() !== ')') throw this.#notSupported();
    return value;
  }

  #notSupported() {
    return refused(`The emulator does not support the metric math expression ${this.#text}`);
  }
}

/** @throws AwsError ValidationError for an expression that is not supported */
export const evaluate = (text: string, scope: Scope): Series => {
  const value = new Evaluation(text, scope).evaluate();
  return typeof value === 'number' ? new Map(scope.times.map((time) => [time, value])) : value;
};
