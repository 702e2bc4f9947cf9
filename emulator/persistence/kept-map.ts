import type { Entries } from './state.ts';

/** A map whose entries are kept. */
export class KeptMap<Value> extends Map<string, Value> {
  readonly #entries: Entries<Value, Value>;
  readonly #prefix: string;

  /** @param prefix the beginning of its entries' keys */
  constructor(entries: Entries<Value, Value>, prefix: string) {
    super();
    this.#entries = entries;
    this.#prefix = prefix;
    for (const [key, value] of entries.load(prefix)) super.set(key.slice(prefix.length), value);
  }

  override set(key: string, value: Value): this {
    this.#entries.put(this.#prefix + key, value);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#entries.remove(this.#prefix + key);
    return super.delete(key);
  }
}
