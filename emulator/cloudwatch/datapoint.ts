/** Values of one datapoint that are kept for its percentiles. Of more values, some are left out; sum, count, minimum and maximum stay exact. */
const maxSamples = 2_000;

/** A datapoint as it is kept. */
export interface KeptDatapoint {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly samples: readonly number[];
  readonly stride: number;
}

/**
 * The values of a period. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 * Assumed: a percentile is the value at the nearest rank.
 */
export class Datapoint {
  sum = 0;
  count = 0;
  min = Infinity;
  max = -Infinity;
  #samples: number[] = [];
  /** One in this many values is kept. */
  #stride = 1;

  static merge(parts: readonly Datapoint[]): Datapoint {
    const merged = new Datapoint();
    for (const part of parts) {
      merged.sum += part.sum;
      merged.count += part.count;
      merged.min = Math.min(merged.min, part.min);
      merged.max = Math.max(merged.max, part.max);
      merged.#samples.push(...part.#samples);
    }
    return merged;
  }

  static restore({ samples, stride, ...kept }: KeptDatapoint): Datapoint {
    const datapoint = Object.assign(new Datapoint(), kept);
    datapoint.#samples = [...samples];
    datapoint.#stride = stride;
    return datapoint;
  }

  describe(): KeptDatapoint {
    const { sum, count, min, max } = this;
    return { sum, count, min, max, samples: this.#samples, stride: this.#stride };
  }

  add(value: number): void {
    if (this.count % this.#stride === 0) this.#samples.push(value);
    this.sum += value;
    this.count += 1;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    if (this.#samples.length < maxSamples) return;
    this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  /** A statistic by its name; undefined for one that is not known. */
  statistic(name: string): number | undefined {
    const percent = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
    if (percent !== undefined) return this.#percentile(Number(percent));
    switch (name) {
      case 'Sum':
        return this.sum;
      case 'SampleCount':
        return this.count;
      case 'Average':
        return this.sum / this.count;
      case 'Minimum':
        return this.min;
      case 'Maximum':
        return this.max;
      default:
        return undefined;
    }
  }

  #percentile(percent: number): number {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const rank = Math.ceil((percent / 100) * sorted.length);
    return sorted[Math.max(rank - 1, 0)] ?? NaN;
  }
}
