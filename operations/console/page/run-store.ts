/** The runs that a page has seen. Pure: runs in the page, in tests and in the benchmark. */
import type { Run } from '../../deployment/runs.ts';

/** Runs that are kept; the oldest make room. */
export const maxRuns = 100_000;

export const timeOfRun = ({ started, ended }: Run): number => started ?? ended ?? 0;

/** What two answers say of the same run: one may have seen its beginning, the other its end. */
const merge = (known: Run, found: Run): Run => {
  const [last, other] = found.status === 'RUNNING' && known.status !== 'RUNNING' ? [known, found] : [found, known];
  return { ...other, ...last, started: last.started ?? other.started, ended: last.ended ?? other.ended };
};

const isSame = (a: Run, b: Run): boolean => a.status === b.status && a.started === b.started && a.ended === b.ended;

const isBefore = (a: Run | undefined, b: Run | undefined): boolean => !a || !b || timeOfRun(a) >= timeOfRun(b);

/** Two lists, each the latest first, as one. Most answers are newer or older than all that is known. */
const interleave = (a: readonly Run[], b: readonly Run[]): readonly Run[] => {
  if (isBefore(a.at(-1), b[0])) return a.concat(b);
  if (isBefore(b.at(-1), a[0])) return b.concat(a);
  const all: Run[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [first, second] = [a[i], b[j]];
    if (first && (!second || timeOfRun(first) >= timeOfRun(second))) {
      all.push(first);
      i += 1;
    } else if (second) {
      all.push(second);
      j += 1;
    }
  }
  return all;
};

/** Puts answers about runs together, the latest first. What is added costs a walk through all, never a sort of all. */
export class RunStore {
  readonly #known = new Map<string, Run>();
  #runs: readonly Run[] = [];

  /** The latest first. Another list whenever something was added, and the same one otherwise. */
  get runs(): readonly Run[] {
    return this.#runs;
  }

  add(found: readonly Run[]): void {
    const fresh: Run[] = [];
    let isChanged = false;
    for (const run of found) {
      const known = this.#known.get(run.arn);
      const merged = known ? merge(known, run) : run;
      if (known && isSame(known, merged)) continue;
      this.#known.set(run.arn, merged);
      if (known) isChanged = true;
      else fresh.push(run);
    }
    if (isChanged) this.#runs = this.#runs.map((run) => this.#known.get(run.arn) ?? run);
    if (fresh.length === 0) return;
    fresh.sort((a, b) => timeOfRun(b) - timeOfRun(a));
    const all = interleave(this.#runs, fresh);
    for (const { arn } of all.slice(maxRuns)) this.#known.delete(arn);
    this.#runs = all.length > maxRuns ? all.slice(0, maxRuns) : all;
  }
}
