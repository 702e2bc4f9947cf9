import { AsyncLocalStorage } from 'node:async_hooks';
import { MovableClock } from 'aws-template-emulator';

/** A clock that stands still until it is moved. Work can be done at an earlier time, to make something old. */
export class TestClock extends MovableClock {
  readonly #age = new AsyncLocalStorage<number>();

  /** @param standsAt epoch milliseconds */
  constructor(standsAt: number) {
    super({ standsAt });
  }

  override now(): number {
    return super.now() - (this.#age.getStore() ?? 0);
  }

  /** Does work for which the clock shows a time `seconds` ago. Other work at the same time is not affected. */
  ago<T>(seconds: number, work: () => T): T {
    return this.#age.run(seconds * 1000, work);
  }
}
