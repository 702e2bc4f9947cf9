import type { Clock, EpochMilliseconds } from '../clock.ts';
import { Listeners } from '../listeners.ts';
import type { Entries, State } from '../persistence/state.ts';
import { noState, numberKey } from '../persistence/state.ts';
import type { LogEvent } from './compact-events.ts';
import { LogGroup } from './log-group.ts';

export interface NewLogEvent {
  readonly group: string;
  readonly stream: string;
  readonly message: string;
  /** Default now. */
  readonly timestamp?: EpochMilliseconds;
}

/** An event as it is kept. */
interface KeptEvent extends LogEvent {
  readonly group: string;
}

/** Log groups in memory. Each keeps at least its last `limit` events, and at most twice as many. */
export class LogStore {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #groups = new Map<string, LogGroup>();
  readonly #listeners = new Listeners<NewLogEvent>();
  readonly #kept: Entries<KeptEvent, KeptEvent>;
  #sequence = 0;

  constructor(clock: Clock, limit = 100_000, state: State = noState) {
    this.#clock = clock;
    this.#limit = limit;
    this.#kept = state.entries('log-events', (event: KeptEvent) => event);
  }

  /** In the order of their names. */
  get groups(): readonly LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): LogGroup | undefined {
    return this.#groups.get(name);
  }

  /** An existing group of that name stays as it is. */
  createGroup(name: string, retentionDays?: number): LogGroup {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = new LogGroup({
      ...{ name, created: this.#clock.now(), retentionDays, limit: this.#limit },
      onForgotten: (sequence) => {
        this.#kept.remove(numberKey(sequence));
      },
    });
    this.#groups.set(name, group);
    return group;
  }

  /** Adds an event. The group and the stream are created when they do not exist, as Lambda does. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
  put(event: NewLogEvent): void {
    const now = this.#clock.now();
    const { group, stream, message, timestamp = now } = event;
    const stored: LogEvent = { sequence: ++this.#sequence, stream, timestamp, ingestionTime: now, message };
    this.createGroup(group).add(stored);
    this.#kept.put(numberKey(stored.sequence), { ...stored, group });
    this.#listeners.emit(event);
  }

  /** Adds the events that an earlier process has kept. To be called when the groups have been created. */
  restore(): void {
    for (const [, { group, ...event }] of this.#kept.load()) {
      this.#sequence = event.sequence;
      this.createGroup(group).add(event);
    }
  }

  /** Calls the listener with every event from now on; returns how to end that. */
  on(listener: (event: NewLogEvent) => void): () => void {
    return this.#listeners.on(listener);
  }
}
