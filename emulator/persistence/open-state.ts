import type { Owner } from './database.ts';
import { Database } from './database.ts';
import { PendingChanges } from './pending-changes.ts';
import type { Changes } from './pending-changes.ts';
import type { Describe, Entries, State } from './state.ts';

/** Milliseconds between two writes. A crash loses what changed in that time. */
const interval = 1_000;

interface Pending {
  readonly isEmpty: boolean;
  take(): Promise<Changes>;
}

/** State in a folder, written once a second. */
class FolderState implements State {
  readonly #database: Database;
  readonly #pending = new Map<string, Pending>();
  readonly #onProblem: (problem: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  /** Changes that a write could not make, the oldest first. */
  #failed: (readonly [kind: string, changes: Changes])[] = [];

  constructor(database: Database, onProblem: (problem: Error) => void) {
    this.#database = database;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => {
      this.#writeSoon();
    }, interval);
    this.#timer.unref();
  }

  entries<Live, Kept>(name: string, describe: Describe<Live, Kept>): Entries<Live, Kept> {
    if (this.#pending.has(name)) throw new Error(`There are two kinds of state named ${name}`);
    const pending = new PendingChanges(describe);
    this.#pending.set(name, pending);
    return {
      load: (prefix = '') => this.#database.load(name, prefix).map(([key, kept]) => [key, kept as Kept] as const),
      put: (key, value) => {
        pending.put(key, value);
      },
      remove: (key) => {
        pending.remove(key);
      },
      removeAll: (prefix) => {
        pending.removeAll(prefix);
      },
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.#write();
    this.#database.close();
  }

  #writeSoon(): void {
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const changed = [...this.#pending].filter(([, pending]) => !pending.isEmpty);
    if (changed.length === 0 && this.#failed.length === 0) return;
    const changes = await Promise.all(changed.map(async ([kind, pending]) => [kind, await pending.take()] as const));
    const all = [...this.#failed, ...changes];
    try {
      this.#database.write(all);
      this.#failed = [];
    } catch (error) {
      this.#failed = all;
      this.#onProblem(new Error('The state could not be written; it is tried again.', { cause: error }));
    }
  }
}

/**
 * Opens the state in a folder, which is made unless it is there, and can be used by one process at a time.
 * @param onProblem called when a write fails, which is then tried again
 * @throws StateError
 */
export const openState = (folder: string, owner: Owner, onProblem: (problem: Error) => void): State =>
  new FolderState(new Database(folder, owner), onProblem);
