import type { EpochMilliseconds } from '../clock.ts';
import { CompactEvents } from './compact-events.ts';
import type { LogEvent } from './compact-events.ts';

export interface LogStream {
  readonly name: string;
  readonly created: EpochMilliseconds;
  firstEvent: EpochMilliseconds | undefined;
  lastEvent: EpochMilliseconds | undefined;
}

export interface NewLogGroup {
  readonly name: string;
  readonly created: EpochMilliseconds;
  readonly retentionDays: number | undefined;
  /** The number of events that it keeps at least. */
  readonly limit: number;
  /** Called with each event that it no longer keeps. */
  readonly onForgotten: (sequence: number) => void;
}

/**
 * A group's last `limit` events, in the order they arrived. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
 * AWS keeps them as long as RetentionInDays says; here the number of events is the limit.
 */
export class LogGroup {
  readonly name: string;
  readonly created: EpochMilliseconds;
  readonly retentionDays: number | undefined;
  readonly streams = new Map<string, LogStream>();
  readonly #limit: number;
  readonly #onForgotten: (sequence: number) => void;
  readonly #events: CompactEvents;

  constructor({ name, created, retentionDays, limit, onForgotten }: NewLogGroup) {
    this.name = name;
    this.created = created;
    this.retentionDays = retentionDays;
    this.#limit = limit;
    this.#onForgotten = onForgotten;
    this.#events = new CompactEvents(limit);
  }

  get events(): Pick<CompactEvents, 'count' | 'from' | 'backFrom' | 'positionAfter'> {
    return this.#events;
  }

  /** Bytes of the messages that are kept. */
  get storedBytes(): number {
    return this.#events.length;
  }

  add(event: LogEvent): void {
    const stream = this.streams.get(event.stream) ?? {
      name: event.stream,
      created: event.ingestionTime,
      firstEvent: undefined,
      lastEvent: undefined,
    };
    this.streams.set(event.stream, stream);
    stream.firstEvent = Math.min(stream.firstEvent ?? Infinity, event.timestamp);
    stream.lastEvent = Math.max(stream.lastEvent ?? -Infinity, event.timestamp);
    this.#events.add(event);
    if (this.#events.count >= 2 * this.#limit) this.#forget();
  }

  #forget(): void {
    for (const { sequence } of this.#events.forget(this.#limit)) this.#onForgotten(sequence);
    const kept = this.#events.streams();
    for (const name of this.streams.keys()) if (!kept.has(name)) this.streams.delete(name);
  }
}
