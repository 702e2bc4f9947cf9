/**
 * The embedded metric format: metrics that a function writes as a line of its log.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { MetricId } from './metric-store.ts';

export interface EmbeddedMetric extends MetricId {
  readonly values: readonly number[];
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string }[];
}

interface Root {
  readonly _aws?: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  readonly [member: string]: unknown;
}

const readRoot = (line: string): Root | undefined => {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  try {
    return JSON.parse(line) as Root;
  } catch {
    return undefined;
  }
};

const numbersIn = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is number => typeof each === 'number');

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

/** The metrics in a line of a log; none for a line of another kind. */
export const readEmbeddedMetrics = (line: string): readonly EmbeddedMetric[] => {
  const root = readRoot(line);
  const { CloudWatchMetrics: directives, Timestamp: timestamp = NaN } = root?._aws ?? {};
  if (!root || !Array.isArray(directives)) return [];
  return (directives as readonly Directive[]).flatMap(({ Namespace: namespace, Dimensions = [[]], Metrics = [] }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name: name }) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(names.map((dimension) => [dimension, asText(root[dimension])])),
        values: numbersIn(root[name]),
        timestamp,
      })),
    ),
  );
};
