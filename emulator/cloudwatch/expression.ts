/**
 * Metric math: arithmetic, comparisons, AND, OR, numbers, parentheses, ids of other queries, FILL(id, number) and
 * IF(condition, value, value). A comparison is 1 where it holds and 0 elsewhere.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { AwsError } from '../service.ts';

/** Values by their time. */
export type Series = ReadonlyMap<number, number>;

type Value = number | Series;

interface Scope {
  /** @throws AwsError for an id that there is not */
  readonly series: (id: string) => Series;
  /** All times of the requested range, for FILL. */
  readonly times: readonly number[];
}

const refused = (message: string) => new AwsError('ValidationError', message);

type Operator = (a: number, b: number) => number;

/** The operators, from the lowest precedence to the highest. */
const precedence: readonly Readonly<Record<string, Operator>>[] = [
  { OR: (a, b) => Number(a !== 0 || b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
  { AND: (a, b) => Number(a !== 0 && b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0) },
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  {
    '<': (a, b) => Number(a < b),
    '<=': (a, b) => Number(a <= b),
    '>': (a, b) => Number(a > b),
    '>=': (a, b) => Number(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
];

const at = (value: Value, time: number) => (typeof value === 'number' ? value : value.get(time));

/** Two series give values where both have one. */
const combine = (a: Value, b: Value, apply: Operator): Value => {
  if (typeof a === 'number' && typeof b === 'number') return apply(a, b);
  const times = [a, b].flatMap((value) => (typeof value === 'number' ? [] : [[...value.keys()]]))[0] ?? [];
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
    this.#tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z]\w*|[<>=!]=|&&|\|\||\S/g) ?? [];
    this.#scope = scope;
  }

  evaluate(): Value {
    const value = this.#expression();
    if (this.#tokens.length > 0) throw this.#notSupported();
    return value;
  }

  #expression(level = 0): Value {
    const operators = precedence[level];
    if (!operators) return this.#operand();
    let value = this.#expression(level + 1);
    for (;;) {
      const apply = operators[this.#tokens[0] ?? ''];
      if (!apply) return value;
      this.#tokens.shift();
      value = combine(value, this.#expression(level + 1), apply);
    }
  }

  #operand(): Value {
    const token = this.#tokens.shift() ?? '';
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') return this.#closed(this.#expression());
    if (token === 'FILL' && this.#tokens[0] === '(') return this.#fill();
    if (token === 'IF' && this.#tokens[0] === '(') return this.#if();
    if (/^[a-z]/.test(token)) return this.#scope.series(token);
    throw this.#notSupported();
  }

  #fill(): Value {
    this.#tokens.shift();
    const value = this.#expression();
    this.#comma();
    const filling = this.#expression();
    if (typeof value === 'number' || typeof filling !== 'number') throw this.#notSupported();
    return this.#closed(new Map(this.#scope.times.map((time) => [time, value.get(time) ?? filling])));
  }

  #if(): Value {
    this.#tokens.shift();
    const condition = this.#expression();
    this.#comma();
    const then = this.#expression();
    this.#comma();
    const otherwise = this.#closed(this.#expression());
    if (typeof condition === 'number') return condition === 0 ? otherwise : then;
    return new Map(
      [...condition].flatMap(([time, holds]) => {
        const value = at(holds === 0 ? otherwise : then, time);
        return value === undefined ? [] : [[time, value] as const];
      }),
    );
  }

  #comma(): void {
    if (this.#tokens.shift() !== ',') throw this.#notSupported();
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
