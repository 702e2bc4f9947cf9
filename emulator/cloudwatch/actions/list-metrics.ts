import * as z from 'zod/mini';
import { readAs } from '../../schema.ts';
import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { CloudWatchState } from '../state.ts';

/** Metrics in one answer. */
const pageSize = 500;

const dimensionFilters = z.array(z.object({ Name: z.string(), Value: z.optional(z.string()) }));

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export const listMetrics = ({ store }: CloudWatchState): Action => ({
  permissions: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
  run: ({ Namespace, MetricName, Dimensions, NextToken }) => {
    const filters = readAs(dimensionFilters, Dimensions ?? [], (problem) => {
      return new AwsError('InvalidParameterValue', `Dimensions: ${problem}`);
    });
    const found = store.metrics.filter(
      ({ namespace, name, dimensions }) =>
        (Namespace === undefined || namespace === Namespace) &&
        (MetricName === undefined || name === MetricName) &&
        filters.every(({ Name, Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value)),
    );
    const start = Number(NextToken ?? 0);
    return {
      Metrics: found.slice(start, start + pageSize).map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(start + pageSize < found.length && { NextToken: String(start + pageSize) }),
    };
  },
});
