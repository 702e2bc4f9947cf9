import type { Alarm } from './alarm.ts';
import type { MetricId, MetricStore } from './metric-store.ts';

/** The state that the actions of CloudWatch share. */
export interface CloudWatchState {
  readonly store: MetricStore;
  readonly alarms: readonly Alarm[];
  readonly accountId: string;
  readonly region: string;
  /** Adds the current values of those metrics that are measured when they are read, such as the number of messages in a queue. */
  readonly measure: (metrics: readonly MetricId[]) => void;
}
