import type { Clock, EpochMilliseconds } from '../clock.ts';
import type { Entries, State } from '../persistence/state.ts';
import { noState, numberKey } from '../persistence/state.ts';
import type { KeptDatapoint } from './datapoint.ts';
import { Datapoint } from './datapoint.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** A metric is identified by its namespace, name and dimensions. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

interface StoredMetric extends MetricId {
  readonly key: string;
  /** By minute, counted from the epoch. */
  readonly minutes: Map<number, Datapoint>;
}

/** A datapoint of a minute. */
interface Measured {
  readonly id: MetricId;
  readonly time: number;
  readonly datapoint: Datapoint;
}

interface KeptMeasured {
  readonly id: MetricId;
  readonly time: number;
  readonly datapoint: KeptDatapoint;
}

const describe = ({ id, time, datapoint }: Measured): KeptMeasured => ({ id, time, datapoint: datapoint.describe() });

const minute = 60_000;

/** Minutes for which datapoints are kept. AWS keeps those of a minute for 15 days: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const keptMinutes = 24 * 60;

const keyOf = ({ namespace, name, dimensions }: MetricId): string => {
  const entries = Object.entries(dimensions);
  const sorted = entries.length > 1 ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
  return JSON.stringify([namespace, name, sorted]);
};

const entryKey = ({ key }: StoredMetric, time: number): string => `${numberKey(time)}/${key}`;

/** Metrics in memory, a datapoint a minute. */
export class MetricStore {
  readonly #clock: Clock;
  readonly #metrics = new Map<string, StoredMetric>();
  /** The latest minute in which old datapoints were dropped. */
  #forgotAt = 0;

  readonly #kept: Entries<Measured, KeptMeasured>;

  constructor(clock: Clock, state: State = noState) {
    this.#clock = clock;
    this.#kept = state.entries('metrics', describe);
    for (const [, { id, time, datapoint }] of this.#kept.load()) {
      this.#metric(id).minutes.set(time, Datapoint.restore(datapoint));
    }
  }

  get metrics(): readonly MetricId[] {
    return [...this.#metrics.values()];
  }

  /** @param timestamp default now */
  add(id: MetricId, values: number | readonly number[], timestamp: EpochMilliseconds = this.#clock.now()): void {
    const metric = this.#metric(id);
    const time = Math.floor(timestamp / minute);
    let datapoint = metric.minutes.get(time);
    if (!datapoint) {
      datapoint = new Datapoint();
      metric.minutes.set(time, datapoint);
      this.#forgetOld();
    }
    for (const value of typeof values === 'number' ? [values] : values) datapoint.add(value);
    this.#kept.put(entryKey(metric, time), { id, time, datapoint });
  }

  /** The values from `start` until before `end` as one datapoint; undefined when there are none. */
  between(id: MetricId, start: EpochMilliseconds, end: EpochMilliseconds): Datapoint | undefined {
    const metric = this.#metrics.get(keyOf(id));
    if (!metric) return undefined;
    const found = [...metric.minutes].filter(([time]) => time * minute >= start && time * minute < end);
    return found.length === 0 ? undefined : Datapoint.merge(found.map(([, datapoint]) => datapoint));
  }

  #metric({ namespace, name, dimensions }: MetricId): StoredMetric {
    const key = keyOf({ namespace, name, dimensions });
    const known = this.#metrics.get(key);
    if (known) return known;
    const metric = { namespace, name, dimensions, key, minutes: new Map<number, Datapoint>() };
    this.#metrics.set(key, metric);
    return metric;
  }

  /** Once a minute, drops datapoints that are too old, and metrics without datapoints, such as those of deleted queues. */
  #forgetOld(): void {
    const now = Math.floor(this.#clock.now() / minute);
    if (now === this.#forgotAt) return;
    this.#forgotAt = now;
    for (const metric of this.#metrics.values()) {
      for (const time of metric.minutes.keys()) {
        if (time >= now - keptMinutes) continue;
        metric.minutes.delete(time);
        this.#kept.remove(entryKey(metric, time));
      }
      if (metric.minutes.size === 0) this.#metrics.delete(metric.key);
    }
  }
}
