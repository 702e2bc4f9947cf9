/** Retry and Catch. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
import type { Branch } from './execution.ts';
import type { Placement } from './expressions.ts';
import { compilePlacement } from './expressions.ts';
import { failureOf, matchesError } from './failures.ts';
import type { StateFailure } from './failures.ts';
import type { Fields } from './fields.ts';

interface Retrier {
  readonly errorEquals: readonly string[];
  readonly maxAttempts: number;
  /** Milliseconds before attempt `n`, 1 for the first retry. */
  delay(n: number): number;
}

interface Catcher {
  readonly errorEquals: readonly string[];
  readonly put: Placement;
  readonly next: string;
}

const errorNames = (fields: Fields): readonly string[] => {
  const names = fields.list('ErrorEquals').map(String);
  return names.length > 0 ? names : fields.refuse('ErrorEquals is empty');
};

/** States.ALL stands alone, in the last retrier or catcher. @throws DefinitionError */
const checkWildcards = (fields: Fields, all: readonly { readonly errorEquals: readonly string[] }[]): void => {
  const isWrong = all.some(
    ({ errorEquals }, index) =>
      errorEquals.includes('States.ALL') && (errorEquals.length > 1 || index < all.length - 1),
  );
  if (isWrong) fields.refuse('States.ALL must stand alone, in the last retrier or catcher');
};

const compileRetrier = (fields: Fields): Retrier => {
  const interval = fields.number('IntervalSeconds', 1);
  const rate = fields.number('BackoffRate', 2);
  const max = fields.number('MaxDelaySeconds', Infinity);
  const jitter = fields.optionalText('JitterStrategy') ?? 'NONE';
  if (jitter !== 'FULL' && jitter !== 'NONE') fields.refuse(`JitterStrategy cannot be ${jitter}`);
  if (rate < 1) fields.refuse('BackoffRate must be at least 1');
  const retrier = {
    errorEquals: errorNames(fields),
    maxAttempts: fields.number('MaxAttempts', 3),
    delay: (n: number) => Math.min(interval * rate ** (n - 1), max) * 1000 * (jitter === 'FULL' ? Math.random() : 1),
  };
  fields.done();
  return retrier;
};

/** Runs something until it succeeds, no retrier takes its failure, or that retrier is used up. */
export type Retrying = <T>(branch: Branch, run: (retryCount: number) => Promise<T> | T) => Promise<T>;

export const compileRetry = (fields: Fields): Retrying => {
  const retriers = fields.objects('Retry').map(compileRetrier);
  checkWildcards(fields, retriers);
  return async (branch, run) => {
    const used = new Map<Retrier, number>();
    for (let retryCount = 0; ; retryCount++) {
      try {
        return await run(retryCount);
      } catch (thrown) {
        const failure = failureOf(thrown);
        const retrier = retriers.find(({ errorEquals }) => matchesError(errorEquals, failure));
        const attempts = (retrier && used.get(retrier)) ?? 0;
        if (!retrier || attempts >= retrier.maxAttempts || branch.isStopped) throw failure;
        used.set(retrier, attempts + 1);
        const { context } = branch.execution;
        const delay = retrier.delay(attempts + 1);
        if (context.instantRetries) context.passTime?.(delay);
        else await branch.execution.wait(delay).over;
      }
    }
  };
};

/** The catcher of a failure; undefined when there is none. */
export type FindCatcher = (failure: StateFailure) => Catcher | undefined;

export const compileCatch = (fields: Fields): FindCatcher & { readonly targets: readonly string[] } => {
  const catchers = fields.objects('Catch').map((catcher): Catcher => {
    const put = compilePlacement(`${catcher.where}, ResultPath`, catcher.get('ResultPath'));
    const compiled = { errorEquals: errorNames(catcher), put, next: catcher.text('Next') };
    catcher.done();
    return compiled;
  });
  checkWildcards(fields, catchers);
  const find: FindCatcher = (failure) => catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
  return Object.assign(find, { targets: catchers.map(({ next }) => next) });
};
