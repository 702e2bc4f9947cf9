import * as z from 'zod/mini';
import type { EpochMilliseconds } from '../clock.ts';
import { AwsError } from '../service.ts';
import type { Series } from './expression.ts';
import { evaluate } from './expression.ts';
import type { MetricId, MetricStore } from './metric-store.ts';

export const dimensions = z.array(z.object({ Name: z.string(), Value: z.string() }));

const metric = z.object({
  Namespace: z.optional(z.string()),
  MetricName: z.optional(z.string()),
  Dimensions: z.optional(dimensions),
});

/**
 * A query as GetMetricData and alarms have it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
 */
export const metricQuery = z.object({
  Id: z.string(),
  Label: z.optional(z.string()),
  Expression: z.optional(z.string()),
  Period: z.optional(z.coerce.number()),
  ReturnData: z.optional(z.boolean()),
  MetricStat: z.optional(z.object({ Metric: metric, Period: z.coerce.number(), Stat: z.string() })),
});

export type MetricQuery = z.infer<typeof metricQuery>;

/** From `start`, inclusive, to `end`, exclusive. */
export interface TimeRange {
  readonly start: EpochMilliseconds;
  readonly end: EpochMilliseconds;
}

export const metricIdOf = ({ Namespace, MetricName, Dimensions = [] }: z.infer<typeof metric>): MetricId => ({
  namespace: Namespace ?? '',
  name: MetricName ?? '',
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});

/** The beginnings of the periods, aligned to the period's length as AWS aligns them. */
const timesOf = ({ start, end }: TimeRange, periodSeconds: number): number[] => {
  const period = periodSeconds * 1000;
  const first = Math.floor(start / period) * period;
  const count = Math.max(0, Math.ceil((end - first) / period));
  return Array.from({ length: count }, (_, index) => first + index * period);
};

const invalid = (message: string) => new AwsError('ValidationError', message);

export const statisticOf = (
  store: MetricStore,
  id: MetricId,
  statistic: string,
  { start, end }: TimeRange,
): number | undefined => {
  const datapoint = store.between(id, start, end);
  if (!datapoint) return undefined;
  const value = datapoint.statistic(statistic);
  if (value === undefined) throw invalid(`The emulator does not support the statistic ${statistic}`);
  return value;
};

/** Periods of one minute and more: there are no metrics of a higher resolution. */
const checkPeriod = (period: number): number => {
  if (Number.isInteger(period) && period > 0 && period % 60 === 0) return period;
  throw invalid(`Period must be a multiple of 60 seconds, but is ${period}`);
};

/** Each query's values by their time. @throws AwsError ValidationError */
export const runQueries = (
  store: MetricStore,
  queries: readonly MetricQuery[],
  range: TimeRange,
): ReadonlyMap<string, Series> => {
  const results = new Map<string, Series>();
  const period = checkPeriod(
    Math.max(60, ...queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0)),
  );
  const run = (query: MetricQuery): Series => {
    const { MetricStat: stat, Expression: expression } = query;
    if (stat) {
      const id = metricIdOf(stat.Metric);
      const length = checkPeriod(stat.Period) * 1000;
      const values = timesOf(range, stat.Period).flatMap((start) => {
        const value = statisticOf(store, id, stat.Stat, { start, end: start + length });
        return value === undefined ? [] : [[start, value] as const];
      });
      return new Map(values);
    }
    if (expression === undefined) throw invalid(`The query ${query.Id} has neither MetricStat nor Expression`);
    return evaluate(expression, { series, times: timesOf(range, period) });
  };
  const series = (id: string): Series => {
    const known = results.get(id);
    if (known) return known;
    const query = queries.find(({ Id }) => Id === id);
    if (!query) throw invalid(`There is no query ${id}`);
    // An expression that refers to itself gets no values.
    results.set(id, new Map());
    const result = run(query);
    results.set(id, result);
    return result;
  };
  for (const { Id } of queries) series(Id);
  return results;
};
