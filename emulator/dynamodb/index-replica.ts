import type { Clock } from '../clock.ts';
import type { Parameters } from '../service.ts';
import { isList, memberOf } from '../values.ts';
import type { ActionName, Store } from './dynalite.ts';
import { createStore, runAction } from './dynalite.ts';

const writes: readonly ActionName[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/**
 * A second copy of the tables that is written later and answers the queries of global secondary indexes: they are eventually
 * consistent. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes
 */
export class IndexReplica {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #lag: number;
  readonly #globalIndexes = new Map<string, readonly string[]>();
  readonly #cancels = new Set<() => void>();
  /** Writes are repeated in the order they were made. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param lag milliseconds between a write and its repetition */
  constructor(clock: Clock, lag: number, location: { readonly accountId: string; readonly region: string }) {
    this.#store = createStore(location);
    this.#clock = clock;
    this.#lag = lag;
  }

  get store(): Store {
    return this.#store;
  }

  /** @param definition the parameters of CreateTable */
  async addTable(TableName: string, definition: Parameters): Promise<void> {
    const indexes = definition['GlobalSecondaryIndexes'];
    const names = isList(indexes) ? indexes.map((index) => String(memberOf(index, 'IndexName'))) : [];
    this.#globalIndexes.set(TableName, names);
    await runAction(this.#store, 'CreateTable', { TableName, ...definition });
  }

  /** Whether a call reads a global index, which this copy answers. */
  answers({ TableName: table, IndexName: index }: Parameters): boolean {
    if (typeof table !== 'string' || typeof index !== 'string') return false;
    return this.#globalIndexes.get(table)?.includes(index) ?? false;
  }

  /** Repeats a write that has succeeded. */
  repeat(name: ActionName, parameters: Parameters): void {
    if (!writes.includes(name)) return;
    const cancel = this.#clock.at(this.#clock.now() + this.#lag, () => {
      this.#cancels.delete(cancel);
      const write = (): Promise<unknown> => runAction(this.#store, name, parameters).catch(() => undefined);
      this.#last = this.#last.then(write);
    });
    this.#cancels.add(cancel);
  }

  /** Resolves when the writes that are due have been repeated. */
  get settled(): Promise<unknown> {
    return this.#last;
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
  }
}
