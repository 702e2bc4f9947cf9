import type { Describe } from './state.ts';

const removed = Symbol('removed');

/** The changes of one kind in one write: first the prefixes, then the entries; undefined removes one. */
export interface Changes {
  readonly prefixes: readonly string[];
  readonly entries: readonly (readonly [key: string, kept: unknown])[];
}

/** Changes of entries of one kind that are not written yet: the last one of each key. */
export class PendingChanges<Live, Kept> {
  readonly #describe: Describe<Live, Kept>;
  #values = new Map<string, Live | typeof removed>();
  #prefixes: string[] = [];

  constructor(describe: Describe<Live, Kept>) {
    this.#describe = describe;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0 && this.#prefixes.length === 0;
  }

  put(key: string, value: Live): void {
    this.#values.set(key, value);
  }

  remove(key: string): void {
    this.#values.set(key, removed);
  }

  removeAll(prefix: string): void {
    for (const key of this.#values.keys()) if (key.startsWith(prefix)) this.#values.delete(key);
    this.#prefixes.push(prefix);
  }

  /** Takes all changes out. */
  async take(): Promise<Changes> {
    const values = [...this.#values];
    const prefixes = this.#prefixes;
    this.#values = new Map();
    this.#prefixes = [];
    const entries = await Promise.all(
      values.map(async ([key, value]) => [key, value === removed ? undefined : await this.#describe(value)] as const),
    );
    return { prefixes, entries };
  }
}
