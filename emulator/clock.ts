/** A point in time as milliseconds since the epoch. */
export type EpochMilliseconds = number;

export interface Clock {
  now(): EpochMilliseconds;
  /** Calls back once when the clock reaches `time` (at once, in a later turn, if it has); returns how to cancel it. */
  at(time: EpochMilliseconds, callback: () => void): () => void;
  /**
   * Calls back once after a time limit. While the clock runs, the limit is measured in the machine's time, even if the clock is moved.
   * While the clock stands, it is measured in the clock's time, so that nothing is too late on a slow machine. Returns how to cancel it.
   */
  limit(milliseconds: number, callback: () => void): () => void;
}

interface Alarm {
  readonly time: EpochMilliseconds;
  readonly callback: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** setTimeout takes no longer delay than this. */
const maxDelay = 2 ** 31 - 1;

const endOfTime = Date.UTC(9999, 11, 31);

export interface MovableClockOptions {
  /** A clock that stands still at this time until it is moved. Without it the clock runs with the machine's time. */
  readonly standsAt?: EpochMilliseconds;
}

/** Whether a clock with this shared state stands still until it is moved. */
export const isStanding = ([, standsAt = NaN]: Float64Array): boolean => !Number.isNaN(standsAt);

/** The time of a clock with this shared state when the machine's time is `machineTime`. */
export const clockTime = (
  [offset = 0, standsAt = NaN]: Float64Array,
  machineTime: EpochMilliseconds,
): EpochMilliseconds => (Number.isNaN(standsAt) ? machineTime : standsAt) + offset;

/**
 * A clock that can be moved forward. Everything in the emulator that waits for a time waits on this clock, so that tests
 * reach an expiry, a retention period or a schedule by moving it. Its state lies in shared memory, which the worker threads
 * that run the functions read as well.
 */
export class MovableClock implements Clock {
  /** `[offset, standsAt]`: milliseconds added to the time; the time a standing clock stands at, or NaN while it runs. */
  readonly shared = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
  readonly #alarms = new Set<Alarm>();

  constructor({ standsAt = NaN }: MovableClockOptions = {}) {
    this.shared[1] = standsAt;
  }

  now(): EpochMilliseconds {
    return clockTime(this.shared, Date.now());
  }

  /**
   * Moves the clock forward; alarms that are due by then go off, the earliest first.
   * @throws RangeError for a move backwards, or beyond the year 9999, where dates have no common form any more.
   */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0) || this.now() + milliseconds > endOfTime) {
      throw new RangeError(`The clock moves forward, and not beyond the year 9999; it was to move ${milliseconds} ms`);
    }
    this.shared[0] = (this.shared[0] ?? 0) + milliseconds;
    for (const alarm of [...this.#alarms].sort((a, b) => a.time - b.time)) {
      clearTimeout(alarm.timer);
      alarm.timer = this.#wait(alarm);
    }
  }

  at(time: EpochMilliseconds, callback: () => void): () => void {
    const alarm: Alarm = { time, callback, timer: undefined };
    alarm.timer = this.#wait(alarm);
    this.#alarms.add(alarm);
    return () => {
      clearTimeout(alarm.timer);
      this.#alarms.delete(alarm);
    };
  }

  limit(milliseconds: number, callback: () => void): () => void {
    if (isStanding(this.shared)) return this.at(this.now() + milliseconds, callback);
    const timer = setTimeout(callback, Math.min(milliseconds, maxDelay));
    return () => {
      clearTimeout(timer);
    };
  }

  /** Cancels every alarm. */
  stop(): void {
    for (const alarm of this.#alarms) clearTimeout(alarm.timer);
    this.#alarms.clear();
  }

  /** A timer for the alarm; none while a standing clock has not reached its time. */
  #wait(alarm: Alarm): NodeJS.Timeout | undefined {
    const delay = Math.min(Math.max(alarm.time - this.now(), 0), maxDelay);
    if (delay > 0 && isStanding(this.shared)) return undefined;
    return setTimeout(() => {
      if (this.now() < alarm.time) {
        alarm.timer = this.#wait(alarm);
        return;
      }
      this.#alarms.delete(alarm);
      alarm.callback();
    }, Math.ceil(delay));
  }
}
