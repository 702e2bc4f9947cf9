import type { EpochMilliseconds } from '../clock.ts';

/** One event as it is stored. */
export interface LogEvent {
  /** The event's number among those of all groups: it orders events of the same millisecond, and a page goes on after it. */
  readonly sequence: number;
  readonly stream: string;
  readonly timestamp: EpochMilliseconds;
  readonly ingestionTime: EpochMilliseconds;
  readonly message: string;
}

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
  /** It keeps at least so many events. */
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
  #events: LogEvent[] = [];
  #bytes = 0;

  constructor(about: NewLogGroup) {
    this.name = about.name;
    this.created = about.created;
    this.retentionDays = about.retentionDays;
    this.#limit = about.limit;
    this.#onForgotten = about.onForgotten;
  }

  get events(): readonly LogEvent[] {
    return this.#events;
  }

  /** Bytes of the messages that are kept. */
  get storedBytes(): number {
    return this.#bytes;
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
    this.#events.push(event);
    this.#bytes += event.message.length;
    if (this.#events.length >= 2 * this.#limit) this.#forget();
  }

  /** The index of the first event that came after the one with this sequence number. */
  indexAfter(sequence: number): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forget(): void {
    for (const { sequence } of this.#events.slice(0, -this.#limit)) this.#onForgotten(sequence);
    this.#events = this.#events.slice(-this.#limit);
    this.#bytes = this.#events.reduce((sum, { message }) => sum + message.length, 0);
    const kept = new Set(this.#events.map(({ stream }) => stream));
    for (const name of this.streams.keys()) if (!kept.has(name)) this.streams.delete(name);
  }
}
