import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from './aws-model/recording.ts';
import type { Comparison } from './before.ts';
import type { CountedScenario } from './counted-scenario.ts';
import type { Figure, Unmeasured } from './measure.ts';

/** What the benchmark found, as bench/results.json keeps it. */
export interface Results {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
  };
  /** ISO 8601. */
  readonly measured: string;
  readonly figures: readonly Figure[];
  /** Figures that could not be measured on the machine. */
  readonly unmeasured?: readonly Unmeasured[];
  /** What was measured before on the same machine, if a commit was. */
  readonly before?: Comparison;
  readonly counted: readonly CountedScenario[];
  /** What the model of AWS is made from. */
  readonly recording: Recording;
}

const file = join(import.meta.dirname, 'results.json');

/** The results of the last run. @throws Error when there are none. */
export const readResults = (): Results => JSON.parse(readFileSync(file, 'utf8')) as Results;

export const writeResults = (results: Results): void => {
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
};
