import type { CountName, Measures } from '../../functions/aws/metrics.ts';

/** Measures that are kept: sums by name, and every latency. */
export class FakeMeasures implements Measures {
  readonly counts: Partial<Record<CountName, number>> = {};
  readonly latencies: number[] = [];
  readonly free: number[] = [];
  published = 0;

  count(name: CountName, number: number): void {
    if (number > 0) this.counts[name] = (this.counts[name] ?? 0) + number;
  }

  deliveryLatency(milliseconds: number): void {
    this.latencies.push(milliseconds);
  }

  pairsFree(number: number): void {
    this.free.push(number);
  }

  publish(): void {
    this.published += 1;
  }
}
