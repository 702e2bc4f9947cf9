import type { Deployment } from '../deployment/deployment.ts';

/** Milliseconds: CloudWatch has a value a minute. */
const minute = 60_000;

/**
 * Milliseconds for which an answer is given again. AWS charges for each metric that is asked for, and pages ask every two seconds. The
 * local service charges nothing, and its answers are not kept.
 */
export const maxAge = ({ endpoint }: Pick<Deployment, 'endpoint'>): number => (endpoint === undefined ? minute : 0);

interface Kept<Answer> {
  /** Epoch milliseconds: when it was asked for. */
  readonly at: number;
  readonly answer: Answer;
}

/** The answers of one deployment, by what was asked. Those older than `maxAge` are forgotten. */
export class KeptAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();
  readonly #deployment: Pick<Deployment, 'endpoint' | 'now'>;

  constructor(deployment: Pick<Deployment, 'endpoint' | 'now'>) {
    this.#deployment = deployment;
  }

  get(key: string): Kept<Answer> | undefined {
    const now = this.#deployment.now();
    for (const [known, { at }] of this.#kept) if (now - at >= maxAge(this.#deployment)) this.#kept.delete(known);
    return this.#kept.get(key);
  }

  set(key: string, answer: Answer): void {
    this.#kept.set(key, { at: this.#deployment.now(), answer });
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}

/** Keeps answers for each deployment on its own, as long as that is in use. */
export const keepByDeployment = <Answer>(): ((deployment: Deployment) => KeptAnswers<Answer>) => {
  const all = new WeakMap<Deployment, KeptAnswers<Answer>>();
  return (deployment) => {
    const kept = all.get(deployment) ?? new KeptAnswers<Answer>(deployment);
    all.set(deployment, kept);
    return kept;
  };
};
