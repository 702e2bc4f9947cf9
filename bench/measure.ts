import type { RecordedOperation } from './aws-model/recording.ts';
import type { CountedScenario } from './counted-scenario.ts';

/** One figure of the benchmark, with what it should be where there is an aim. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `< 15`, `> 300`. */
  readonly aim?: string;
}

/** A figure that could not be measured here. */
export interface Unmeasured extends Omit<Figure, 'value'> {
  /** What is missing, and how to get it. */
  readonly reason: string;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly unmeasured?: readonly Unmeasured[];
  /** What was called, for what deliveries cost. */
  readonly counted?: readonly CountedScenario[];
  /** What was recorded for the model of AWS, by the operation's name. */
  readonly operations?: Readonly<Record<string, RecordedOperation>>;
}

/** Whether the figure is what it should be; true without an aim. */
export const meetsAim = ({ value, aim }: Figure): boolean => {
  const [, sign, limit] = /^([<>]=?) ([\d.]+)$/.exec(aim ?? '') ?? [];
  if (sign === undefined) return true;
  const bound = Number(limit);
  if (sign === '<') return value < bound;
  if (sign === '>') return value > bound;
  return sign === '<=' ? value <= bound : value >= bound;
};
