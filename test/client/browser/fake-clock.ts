interface Timer {
  readonly time: number;
  readonly callback: () => void;
}

/** Lets everything that is not waiting for time run until it waits. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A clock that moves only when a test moves it. */
export class FakeClock {
  time: number;
  readonly #timers = new Set<Timer>();

  constructor(time = Date.UTC(2026, 10, 24)) {
    this.time = time;
  }

  readonly now = (): number => this.time;

  readonly setTimeout = (callback: () => void, milliseconds: number): Timer => {
    const timer = { time: this.time + Math.max(0, milliseconds), callback };
    this.#timers.add(timer);
    return timer;
  };

  readonly clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as Timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, with the timers that come due on the way. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.time - b.time).find(({ time }) => time <= end);
      if (!next) break;
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.time);
      next.callback();
      await settle();
    }
    this.time = end;
    await settle();
  }

  /** Moves on as a machine that sleeps does: timers stand still meanwhile. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
    const asleep = [...this.#timers];
    this.#timers.clear();
    for (const timer of asleep) {
      // The same object, so that it can still be cleared.
      this.#timers.add(Object.assign(timer, { time: timer.time + milliseconds }));
    }
  }
}
