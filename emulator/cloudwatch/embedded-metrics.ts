/**
 * The embedded metric format: metrics that a function writes as a line of its log.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import * as z from 'zod/mini';
import type { MetricId } from './metric-store.ts';

export interface EmbeddedMetric extends MetricId {
  readonly values: readonly number[];
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

const directive = z.object({
  Namespace: z.string(),
  Dimensions: z._default(z.array(z.array(z.string())), [[]]),
  Metrics: z._default(z.array(z.object({ Name: z.string() })), []),
});

const root = z.looseObject({ _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }) });

const readRoot = (line: string): z.infer<typeof root> | undefined => {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  try {
    return root.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

const numbersIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is number => typeof each === 'number');

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

/** The metrics in a line of a log; none for a line of another kind. */
export const readEmbeddedMetrics = (line: string): readonly EmbeddedMetric[] => {
  const members = readRoot(line);
  if (!members) return [];
  const { CloudWatchMetrics: directives, Timestamp: timestamp } = members._aws;
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name: name }) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(names.map((dimension) => [dimension, asText(members[dimension])])),
        values: numbersIn(members[name]),
        timestamp,
      })),
    ),
  );
};
