import { AsyncLocalStorage } from 'node:async_hooks';
import { MovableClock } from 'aws-template-emulator';

/** A clock that stands still until it is moved, and by which something can be made that is old already. */
export class TestClock extends MovableClock {
  readonly #age = new AsyncLocalStorage<number>();

  /** @param standsAt epoch milliseconds */
  constructor(standsAt: number) {
    super({ standsAt });
  }

  override now(): number {
    return super.now() - (this.#age.getStore() ?? 0);
  }

  /** Does something so many seconds ago; for everything else it is now. */
  ago<T>(seconds: number, work: () => T): T {
    return this.#age.run(seconds * 1000, work);
  }
}
