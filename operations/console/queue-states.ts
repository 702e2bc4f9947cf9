import { queueUrlOf } from '../deployment/dead-letters.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { QueueState } from '../deployment/queues.ts';
import { describeQueues, oldestMessages } from '../deployment/queues.ts';

/** CloudWatch has a value a minute and charges for each that it is asked for. The local service charges nothing. */
const maxAge = ({ endpoint }: Deployment): number => (endpoint === undefined ? 60_000 : 0);

interface KnownAge {
  /** Epoch milliseconds: when it was asked for. */
  readonly at: number;
  readonly seconds: number | undefined;
}

const known = new WeakMap<Deployment, Map<string, KnownAge>>();

/** Asks for the ages that are not known from the last minute. */
const ages =
  (deployment: Deployment, now: number) =>
  async (queueUrls: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const kept = known.get(deployment) ?? new Map<string, KnownAge>();
    known.set(deployment, kept);
    for (const [url, { at }] of kept) if (now - at >= maxAge(deployment)) kept.delete(url);
    const missing = queueUrls.filter((url) => !kept.has(url));
    if (missing.length > 0) {
      const found = await oldestMessages(deployment, missing);
      for (const url of missing) kept.set(url, { at: now, seconds: found.get(url) });
    }
    return new Map(
      queueUrls.flatMap((url): [string, number][] => {
        const seconds = kept.get(url)?.seconds;
        return seconds === undefined ? [] : [[url, seconds]];
      }),
    );
  };

/**
 * What waits in queues of sessions, by their names; null for a queue that does not exist. Asked every two seconds, it asks CloudWatch for
 * each queue at most once a minute.
 */
export const queueStates = async (
  deployment: Deployment,
  names: readonly string[],
  now = Date.now(),
): Promise<Readonly<Record<string, QueueState | null>>> => {
  const other = queueUrlOf(deployment, 'undelivered');
  // Queues of one account and Region differ in their names alone.
  const urls = names.map((name) => `${other.slice(0, other.lastIndexOf('/'))}/${name}`);
  const states = await describeQueues(deployment, urls, ages(deployment, now));
  return Object.fromEntries(names.map((name, index) => [name, states.get(urls[index] ?? '') ?? null]));
};
