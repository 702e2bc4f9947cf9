import type { Alarm } from './alarm.ts';
import type { MetricStore } from './metric-store.ts';

/** The state that the actions of CloudWatch share. */
export interface CloudWatchState {
  readonly store: MetricStore;
  readonly alarms: readonly Alarm[];
  readonly accountId: string;
  readonly region: string;
  /** Adds the metrics that are measured only when somebody reads them, such as the number of messages in a queue. */
  readonly refresh: () => Promise<void>;
}
