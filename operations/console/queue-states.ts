import { queueUrlOf } from '../deployment/dead-letters.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { QueueState } from '../deployment/queues.ts';
import { describeQueues, oldestMessages } from '../deployment/queues.ts';
import { keepByDeployment } from './kept-answers.ts';

/** Seconds, by the queue's URL; undefined where CloudWatch has no age. */
const keptAges = keepByDeployment<number | undefined>();

/** Asks CloudWatch for the ages that it was not asked for in the last minute. */
const ages =
  (deployment: Deployment) =>
  async (queueUrls: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const kept = keptAges(deployment);
    const known = queueUrls.map((url) => [url, kept.get(url)] as const);
    const missing = known.flatMap(([url, age]) => (age === undefined ? [url] : []));
    const found = missing.length === 0 ? new Map<string, number>() : await oldestMessages(deployment, missing);
    for (const url of missing) kept.set(url, found.get(url));
    return new Map(
      known.flatMap(([url, age]): [string, number][] => {
        const seconds = age === undefined ? found.get(url) : age.answer;
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
): Promise<Readonly<Record<string, QueueState | null>>> => {
  const other = queueUrlOf(deployment, 'undelivered');
  // Queues of one account and Region differ in their names alone.
  const urls = names.map((name) => `${other.slice(0, other.lastIndexOf('/'))}/${name}`);
  const states = await describeQueues(deployment, urls, ages(deployment));
  return Object.fromEntries(names.map((name, index) => [name, states.get(urls[index] ?? '') ?? null]));
};
