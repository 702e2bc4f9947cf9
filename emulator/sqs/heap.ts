/** A binary heap: the first item to be removed is the one that is `before` all others. */
export class Heap<T extends object> {
  #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (!above || !this.#before(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return top;
  }

  /** All items, in no order. */
  values(): readonly T[] {
    return this.#items;
  }

  /** Drops the items that do not satisfy `keep`. */
  filter(keep: (item: T) => boolean): void {
    const kept = this.#items.filter(keep);
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  #sink(item: T): void {
    const items = this.#items;
    let index = 0;
    for (;;) {
      let position = 2 * index + 1;
      let child = items[position];
      const right = items[position + 1];
      if (child && right && this.#before(right, child)) {
        child = right;
        position += 1;
      }
      if (!child || !this.#before(child, item)) break;
      items[index] = child;
      index = position;
    }
    items[index] = item;
  }
}
