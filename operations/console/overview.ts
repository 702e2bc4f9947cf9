import type { AlarmSummary } from '../deployment/alarms.ts';
import { listAlarms } from '../deployment/alarms.ts';
import { countWaiting } from '../deployment/change-dead-letters.ts';
import type { Place } from '../deployment/dead-letters.ts';
import { placesOf } from '../deployment/dead-letters.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { MetricName, MetricSeries } from '../deployment/metrics.ts';
import { readMetrics } from '../deployment/metrics.ts';
import { listSessions } from '../deployment/sessions.ts';
import { keepByDeployment, maxAge } from './kept-answers.ts';

/** What the metrics are of. */
export interface TimeRange {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Epoch milliseconds: when everything of the overview was asked for. */
  readonly until: number;
  readonly periodSeconds: number;
}

export interface OverviewAnswer {
  readonly metrics: Readonly<Record<MetricName, MetricSeries>>;
  readonly range: TimeRange;
  /** Seconds for which this answer is given again; 0 for the local service. */
  readonly keptFor: number;
  readonly sessions: number;
  readonly undelivered: number;
  readonly rejected: number;
  readonly failedBatches: number;
  /** Those that have gone off. */
  readonly alarms: readonly AlarmSummary[];
}

const countSessions = async (deployment: Deployment): Promise<number> => {
  let count = 0;
  for await (const page of listSessions(deployment)) count += page.length;
  return count;
};

const readOverview = async (deployment: Deployment, length: number): Promise<OverviewAnswer> => {
  const until = deployment.now();
  const since = until - length;
  const periodSeconds = Math.max(60, Math.ceil(length / 60 / 60_000) * 60);
  const places = placesOf(deployment);
  const waitingIn = (place: Place): Promise<number> =>
    places.includes(place) ? countWaiting(deployment, place) : Promise.resolve(0);
  const [metrics, alarms, sessions, undelivered, rejected, failedBatches] = await Promise.all([
    readMetrics(deployment, { since, until: until + 60_000, periodSeconds }),
    listAlarms(deployment),
    countSessions(deployment),
    ...([waitingIn('undelivered'), waitingIn('rejected'), waitingIn('failed-batches')] as const),
  ]);
  return {
    ...{ metrics, sessions, undelivered, rejected, failedBatches },
    range: { since, until, periodSeconds },
    keptFor: maxAge(deployment) / 1000,
    alarms: alarms.filter(({ state }) => state === 'ALARM'),
  };
};

const keptOverviews = keepByDeployment<Promise<OverviewAnswer>>();

/**
 * Counts of the service, which a page asks for every two seconds. On AWS an answer is given again for a minute.
 * @param options.length of the time that the metrics are of, in milliseconds
 * @param options.isFresh whether to ask AWS in any case
 */
export const overview = (
  deployment: Deployment,
  { length, isFresh }: { readonly length: number; readonly isFresh: boolean },
): Promise<OverviewAnswer> => {
  const kept = keptOverviews(deployment);
  const key = String(length);
  const known = isFresh ? undefined : kept.get(key);
  if (known) return known.answer;
  const answer = readOverview(deployment, length);
  kept.set(key, answer);
  // What failed is asked again at the next look.
  answer.catch(() => {
    kept.delete(key);
  });
  return answer;
};
