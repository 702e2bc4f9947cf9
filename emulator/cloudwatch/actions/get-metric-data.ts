import * as z from 'zod/mini';
import { readAs } from '../../schema.ts';
import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { CloudWatchState } from '../state.ts';
import type { MetricQuery } from '../queries.ts';
import { metricIdOf, metricQuery, runQueries } from '../queries.ts';

/** Queries and values of one call. */
const maxQueries = 500;

const timeOf = (parameters: Parameters, name: string): number => {
  const value = parameters[name];
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('ValidationError', `The parameter ${name} is required.`);
};

const labelOf = ({ Label, MetricStat, Id }: MetricQuery): string => Label ?? MetricStat?.Metric.MetricName ?? Id;

/** All values in one answer. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const getMetricData = ({ store, measure }: CloudWatchState): Action => ({
  permissions: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
  run: (parameters) => {
    const queries = readAs(z.array(metricQuery), parameters['MetricDataQueries'] ?? [], (problem) => {
      return new AwsError('ValidationError', `MetricDataQueries: ${problem}`);
    });
    if (queries.length === 0 || queries.length > maxQueries) {
      throw new AwsError('ValidationError', `MetricDataQueries must have 1 to ${maxQueries} entries.`);
    }
    const range = { start: timeOf(parameters, 'StartTime'), end: timeOf(parameters, 'EndTime') };
    if (range.start >= range.end) {
      throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
    }
    measure(queries.flatMap(({ MetricStat }) => (MetricStat ? [metricIdOf(MetricStat.Metric)] : [])));
    const results = runQueries(store, queries, range);
    const ascending = parameters['ScanBy'] === 'TimestampAscending';
    return {
      MetricDataResults: queries
        .filter(({ ReturnData = true }) => ReturnData)
        .map((query) => {
          const points = [...(results.get(query.Id) ?? [])].sort(([a], [b]) => (ascending ? a - b : b - a));
          return {
            Id: query.Id,
            Label: labelOf(query),
            Timestamps: points.map(([time]) => time / 1000),
            Values: points.map(([, value]) => value),
            StatusCode: 'Complete',
          };
        }),
      Messages: [],
    };
  },
});
