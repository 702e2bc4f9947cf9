import type { Clock, EpochMilliseconds } from '../clock.ts';
import { Datapoint } from './datapoint.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** Which metric: its dimensions are part of its identity. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

interface StoredMetric extends MetricId {
  /** By minute, counted from the epoch. */
  readonly minutes: Map<number, Datapoint>;
}

const minute = 60_000;

/** Minutes for which datapoints are kept. AWS keeps those of a minute for 15 days. */
const keptMinutes = 24 * 60;

const keyOf = ({ namespace, name, dimensions }: MetricId): string => {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
};

/** Metrics in memory, a datapoint a minute. */
export class MetricStore {
  readonly #clock: Clock;
  readonly #metrics = new Map<string, StoredMetric>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get metrics(): readonly MetricId[] {
    return [...this.#metrics.values()];
  }

  /** @param timestamp default now */
  add(id: MetricId, values: number | readonly number[], timestamp: EpochMilliseconds = this.#clock.now()): void {
    const key = keyOf(id);
    const metric = this.#metrics.get(key) ?? { ...id, minutes: new Map<number, Datapoint>() };
    this.#metrics.set(key, metric);
    const time = Math.floor(timestamp / minute);
    let datapoint = metric.minutes.get(time);
    if (!datapoint) {
      datapoint = new Datapoint();
      metric.minutes.set(time, datapoint);
      this.#forget(metric);
    }
    for (const value of typeof values === 'number' ? [values] : values) datapoint.add(value);
  }

  /** What was measured from `start` until before `end`, as one datapoint; undefined when nothing was. */
  between(id: MetricId, start: EpochMilliseconds, end: EpochMilliseconds): Datapoint | undefined {
    const metric = this.#metrics.get(keyOf(id));
    if (!metric) return undefined;
    const found = [...metric.minutes].filter(([time]) => time * minute >= start && time * minute < end);
    return found.length === 0 ? undefined : Datapoint.merge(found.map(([, datapoint]) => datapoint));
  }

  #forget({ minutes }: StoredMetric): void {
    const oldest = Math.floor(this.#clock.now() / minute) - keptMinutes;
    for (const time of minutes.keys()) if (time < oldest) minutes.delete(time);
  }
}
