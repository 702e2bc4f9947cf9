import type { Alarm } from './alarm.ts';
import type { MetricStore } from './metric-store.ts';

/** What the actions of CloudWatch work on. */
export interface CloudWatchState {
  readonly store: MetricStore;
  readonly alarms: readonly Alarm[];
  readonly accountId: string;
  readonly region: string;
  /** Measures what is measured when somebody asks, such as how many messages a queue has. */
  readonly refresh: () => Promise<void>;
}
