/** Functions that are called with each value. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Calls `listener` from now on; returns how to end that. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listeners with the value. */
  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}
