import * as z from 'zod/mini';
import type { Clock } from '../clock.ts';
import type { Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';
import { TemplateError } from '../template/template-error.ts';
import type { MetricId, MetricStore } from './metric-store.ts';
import { dimensions, metricIdOf, metricQuery, runQueries, statisticOf } from './queries.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/**
 * The properties of AWS::CloudWatch::Alarm that count here; DescribeAlarms answers with the same names.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
 */
const alarmProperties = z.looseObject({
  AlarmDescription: z.optional(z.string()),
  MetricName: z.optional(z.string()),
  Namespace: z.optional(z.string()),
  Dimensions: z.optional(dimensions),
  Metrics: z.optional(z.array(metricQuery)),
  Statistic: z.optional(z.string()),
  ExtendedStatistic: z.optional(z.string()),
  Period: z.optional(z.coerce.number()),
  EvaluationPeriods: z.coerce.number(),
  DatapointsToAlarm: z.optional(z.coerce.number()),
  Threshold: z.coerce.number(),
  ComparisonOperator: z.string(),
  TreatMissingData: z.optional(z.string()),
  AlarmActions: z.optional(z.array(z.string())),
  OKActions: z.optional(z.array(z.string())),
});

const comparisons: Readonly<Record<string, { holds: (value: number, limit: number) => boolean; words: string }>> = {
  GreaterThanThreshold: { holds: (value, limit) => value > limit, words: 'greater than' },
  GreaterThanOrEqualToThreshold: { holds: (value, limit) => value >= limit, words: 'greater than or equal to' },
  LessThanThreshold: { holds: (value, limit) => value < limit, words: 'less than' },
  LessThanOrEqualToThreshold: { holds: (value, limit) => value <= limit, words: 'less than or equal to' },
};

const minute = 60_000;

/**
 * An alarm of the template. Its state is evaluated when it is read, from the periods that end with the current minute: it changes
 * sooner than on AWS, which waits until a period's data are complete.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class Alarm {
  readonly name: string;
  readonly #arn: string;
  readonly #properties: z.infer<typeof alarmProperties>;
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #created: number;
  #state: AlarmState = 'INSUFFICIENT_DATA';
  #reason = 'Unchecked: Initial alarm creation';
  #changed: number;

  /** @throws TemplateError for a comparison that is not supported */
  constructor(resource: Resource, store: MetricStore, clock: Clock) {
    this.name = resource.ref;
    this.#arn = resource.attributes['Arn'] ?? '';
    this.#properties = readProperties(resource, alarmProperties);
    this.#store = store;
    this.#clock = clock;
    this.#created = clock.now();
    this.#changed = this.#created;
    const { ComparisonOperator: operator } = this.#properties;
    if (!Object.hasOwn(comparisons, operator)) {
      throw new TemplateError(`${resource.logicalId}: the ComparisonOperator ${operator} is not supported`);
    }
  }

  /** The metrics that its state depends on. */
  get metrics(): readonly MetricId[] {
    const { Metrics: queries, MetricName } = this.#properties;
    if (MetricName !== undefined) return [metricIdOf(this.#properties)];
    return (queries ?? []).flatMap(({ MetricStat }) => (MetricStat ? [metricIdOf(MetricStat.Metric)] : []));
  }

  /** As DescribeAlarms answers it, with its state now. */
  describe() {
    this.#evaluate();
    const { AlarmActions = [], OKActions = [], ...properties } = this.#properties;
    return {
      ...properties,
      AlarmName: this.name,
      AlarmArn: this.#arn,
      ActionsEnabled: true,
      AlarmActions,
      OKActions,
      InsufficientDataActions: [],
      AlarmConfigurationUpdatedTimestamp: this.#created / 1000,
      StateValue: this.#state,
      StateReason: this.#reason,
      StateUpdatedTimestamp: this.#changed / 1000,
      StateTransitionedTimestamp: this.#changed / 1000,
    };
  }

  #evaluate(): void {
    const { EvaluationPeriods: periods, Threshold: limit, ComparisonOperator, TreatMissingData } = this.#properties;
    const { DatapointsToAlarm: needed = periods } = this.#properties;
    const comparison = comparisons[ComparisonOperator];
    const values = Array.from({ length: periods }, (_, back) => this.#valueOf(back));
    const present = values.filter((value) => value !== undefined);
    const breaching = present.filter((value) => comparison?.holds(value, limit)).length;
    const missing = TreatMissingData === 'breaching' ? periods - present.length : 0;
    if (breaching + missing >= needed) this.#become('ALARM', this.#crossed(present, limit));
    else if (present.length > 0 || TreatMissingData === 'notBreaching') {
      const reason =
        present.length > 0
          ? this.#crossed(present, limit, 'not ')
          : `Threshold Crossed: no datapoints were received for ${periods} period${periods === 1 ? '' : 's'} and ${periods} missing datapoint${periods === 1 ? ' was' : 's were'} treated as [NonBreaching].`;
      this.#become('OK', reason);
    } else if (TreatMissingData !== 'ignore') {
      this.#become('INSUFFICIENT_DATA', 'Insufficient Data: no datapoints were received.');
    }
  }

  #crossed(values: readonly number[], limit: number, not = ''): string {
    const words = comparisons[this.#properties.ComparisonOperator]?.words ?? '';
    return `Threshold Crossed: ${values.length} datapoint${values.length === 1 ? '' : 's'} [${values.join(', ')}] ${values.length === 1 ? 'was' : 'were'} ${not}${words} the threshold (${limit}).`;
  }

  /** The value of a period; undefined without data. @param back how many periods ago: 0 is the current one */
  #valueOf(back: number): number | undefined {
    const { Metrics: queries, Period, Statistic, ExtendedStatistic } = this.#properties;
    const length = 1000 * (Period ?? Math.max(60, ...(queries ?? []).map((query) => query.MetricStat?.Period ?? 0)));
    const end = (Math.floor(this.#clock.now() / minute) + 1) * minute - back * length;
    const range = { start: end - length, end };
    if (!queries) {
      return statisticOf(this.#store, metricIdOf(this.#properties), ExtendedStatistic ?? Statistic ?? 'Average', range);
    }
    const result = queries.find(({ ReturnData = true }) => ReturnData);
    const inMinutes = queries.map((query) =>
      query.MetricStat ? { ...query, MetricStat: { ...query.MetricStat, Period: 60 } } : query,
    );
    const series = result && runQueries(this.#store, inMinutes, range).get(result.Id);
    const values = [...(series?.values() ?? [])];
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  }

  #become(state: AlarmState, reason: string): void {
    if (state !== this.#state) this.#changed = this.#clock.now();
    this.#state = state;
    this.#reason = reason;
  }
}
