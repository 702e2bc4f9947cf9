/** A point in time as milliseconds since the epoch. */
export type EpochMilliseconds = number;

export interface Clock {
  now(): EpochMilliseconds;
  /** Calls back once when the clock reaches `time` (at once, in a later turn, if it has); returns how to call that off. */
  at(time: EpochMilliseconds, callback: () => void): () => void;
}

interface Alarm {
  readonly time: EpochMilliseconds;
  readonly callback: () => void;
  timer: NodeJS.Timeout;
}

/** setTimeout takes no longer delay than this. */
const longestDelay = 2 ** 31 - 1;

const endOfTime = Date.UTC(9999, 11, 31);

/**
 * The machine's clock, which can be moved forward. Everything in the runtime that waits for a time waits on this clock,
 * so that tests reach an expiry, a grace period or a schedule by moving it. The offset lies in shared memory: the worker
 * threads that run the functions read the same time.
 */
export class MovableClock implements Clock {
  readonly offset = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  readonly #alarms = new Set<Alarm>();

  now(): EpochMilliseconds {
    return Date.now() + (this.offset[0] ?? 0);
  }

  /**
   * Moves the clock forward; alarms that are due by then go off, the earliest first.
   * @throws RangeError for a move backwards, or beyond the year 9999, where dates have no common form any more.
   */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0) || this.now() + milliseconds > endOfTime) {
      throw new RangeError(`The clock moves forward, and not beyond the year 9999; it was to move ${milliseconds} ms`);
    }
    this.offset[0] = (this.offset[0] ?? 0) + milliseconds;
    for (const alarm of [...this.#alarms].sort((a, b) => a.time - b.time)) {
      clearTimeout(alarm.timer);
      alarm.timer = this.#wait(alarm);
    }
  }

  at(time: EpochMilliseconds, callback: () => void): () => void {
    const alarm: Alarm = { time, callback, timer: setTimeout(() => undefined, 0) };
    clearTimeout(alarm.timer);
    alarm.timer = this.#wait(alarm);
    this.#alarms.add(alarm);
    return () => {
      clearTimeout(alarm.timer);
      this.#alarms.delete(alarm);
    };
  }

  /** Calls off every alarm. */
  stop(): void {
    for (const alarm of this.#alarms) clearTimeout(alarm.timer);
    this.#alarms.clear();
  }

  #wait(alarm: Alarm): NodeJS.Timeout {
    const delay = Math.min(Math.max(alarm.time - this.now(), 0), longestDelay);
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
