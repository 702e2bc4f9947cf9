/** Looked up once: in the contexts of Jest every use of a global name is slow. */
const { floor, max, min } = Math;

/** A function with this memory has a whole CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeCpuMegabytes = 1769;

/**
 * Milliseconds of the period in which a function may use its share, as the quota of Linux' scheduler. The length is assumed; that functions are
 * paused in this way has been measured: https://mustafaakin.dev/posts/2018-01-25-how-does-proportional-cpu-allocation-work-with-aws-lambda/
 */
const period = 20;

/** The CPU of one environment of a function, which can use its share in each period. */
export class CpuShare {
  readonly #quota: number;
  /** Where in a period the environment was when it began. */
  readonly #phase: number;
  #period = -1;
  #used = 0;
  #free = 0;

  /** @param phase 0 to 1 */
  constructor(megabytes: number, phase: number) {
    this.#quota = min(1, megabytes / wholeCpuMegabytes) * period;
    this.#phase = phase * period;
  }

  /** When work of `milliseconds` that may begin at `from` is done. */
  run(from: number, milliseconds: number): number {
    let time = max(from, this.#free) + this.#phase;
    for (let left = milliseconds; left > 1e-9;) {
      const now = floor(time / period);
      if (now !== this.#period) {
        this.#period = now;
        this.#used = 0;
      }
      const end = (now + 1) * period;
      const possible = min(this.#quota - this.#used, end - time);
      if (possible <= 1e-9) {
        time = end;
        continue;
      }
      const done = min(possible, left);
      time += done;
      this.#used += done;
      left -= done;
    }
    this.#free = time - this.#phase;
    return this.#free;
  }
}
