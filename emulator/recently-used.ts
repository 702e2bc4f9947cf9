/** Keeps the values that were used last: at least `limit`, and at most twice as many. */
export class RecentlyUsed<K, V> {
  readonly #limit: number;
  #recent = new Map<K, V>();
  #older = new Map<K, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key. It is made when it is not kept. */
  get(key: K, make: (key: K) => V): V {
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const value = this.#older.get(key) ?? make(key);
    if (this.#recent.size >= this.#limit) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
    return value;
  }
}
