/**
 * `sqs-browser/history`: keeps the last events in the browser, so that a tab that was away gets those that other tabs handled
 * meanwhile. For the option `history` of `connect`.
 */
import type { History, Message } from 'sqs-browser/client';
import { openDatabase, settled, type Kept } from './history-database.ts';

/** How many events may be kept: what a tab has shown it remembers of the last 1,000. */
const maxMaxEvents = 1_000;
/** How long a tab that goes on waits for its events, milliseconds. */
const timeout = 1_000;
/** How long before a tab left the others may have got events that it did not show, milliseconds. */
const margin = 10_000;

export interface HistoryOptions {
  /** How many events of a session are kept, whole numbers from 1 to 1,000. Default 100. */
  readonly maxEvents?: number | undefined;
  /** For how many seconds they are kept, from 1. Default 600. */
  readonly maxAge?: number | undefined;
  /** The global object, or something like it, for tests. */
  readonly environment?: HistoryEnvironment | undefined;
}

/** All that a history uses of where it runs. */
export interface HistoryEnvironment {
  readonly indexedDB?: IDBFactory;
  readonly Date: { now(): number };
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface EventHistory extends History {
  /** Forgets all events of this origin: to be called when somebody logs out. Never rejects. */
  clear(): Promise<void>;
}

/** @throws TypeError that names the option that is wrong. */
const check = (name: string, value: number, max: number): void => {
  if (value >= 1 && value <= max) return;
  throw new TypeError(`${name} must be a number from 1 to ${max}, not ${value}`);
};

/**
 * Creates a history in IndexedDB. The data of the events is on the user's disk until it is too old or cleared. Where IndexedDB is
 * missing or forbidden nothing is kept, and `resync` fires as it does without a history.
 * @throws TypeError that names the option that is wrong.
 */
export const eventHistory = (options: HistoryOptions = {}): EventHistory => {
  const { maxEvents = 100, maxAge = 600 } = options;
  const environment: HistoryEnvironment = options.environment ?? globalThis;
  check('maxEvents', maxEvents, maxMaxEvents);
  check('maxAge', maxAge, Infinity);
  const { Date } = environment;
  let lastTime = 0;
  /** What was begun last. One thing at a time, in order. */
  let working: Promise<unknown> = Promise.resolve();

  /** Each act has a connection of its own: a page with an open one may not be kept for the back button. */
  const use = async <T>(mode: IDBTransactionMode, act: (transaction: IDBTransaction) => Promise<T>): Promise<T> => {
    const database = await openDatabase(environment.indexedDB);
    try {
      return await act(database.transaction(['events', 'dropped'], mode, { durability: 'relaxed' }));
    } finally {
      database.close();
    }
  };

  const next = <T>(
    mode: IDBTransactionMode,
    act: (transaction: IDBTransaction) => Promise<T>,
  ): Promise<T | undefined> => {
    const done = working.then(() => use(mode, act)).catch(() => undefined);
    working = done;
    return done;
  };

  const oldest = (): number => Date.now() - maxAge * 1_000;

  /** Deletes what is too old, of any queue, and what is too much of this one. Notes the time of the last that was deleted. */
  const trim = async (transaction: IDBTransaction, queue: string): Promise<void> => {
    const [events, dropped] = [transaction.objectStore('events'), transaction.objectStore('dropped')];
    const drop = async (some: readonly Kept[]): Promise<void> => {
      for (const { queueUrl, id, at } of some) {
        dropped.put(at, queueUrl);
        await settled(events.delete([queueUrl, id]));
      }
    };
    await drop(await settled<Kept[]>(events.index('time').getAll(IDBKeyRange.upperBound(oldest()))));
    const range = IDBKeyRange.bound([queue, 0], [queue, Infinity]);
    const all = await settled(events.index('arrival').getAllKeys(range));
    const extra = all.length - maxEvents;
    if (extra > 0) await drop(await settled<Kept[]>(events.index('arrival').getAll(range, extra)));
  };

  return {
    record(queue: string, messages: readonly Message[]): void {
      const kept = messages.map(({ id, text, sentAt }): Kept => {
        // Messages that came together have their order too.
        lastTime = Math.max(Date.now(), lastTime + 0.001);
        return { queueUrl: queue, at: lastTime, id, text, sentAt };
      });
      void next('readwrite', async (transaction) => {
        for (const one of kept) transaction.objectStore('events').put(one);
        await trim(transaction, queue);
      });
    },

    async missed(queue: string, left: number, joined: number): Promise<readonly Message[] | undefined> {
      const find = async (transaction: IDBTransaction): Promise<readonly Message[] | undefined> => {
        const dropped = await settled<unknown>(transaction.objectStore('dropped').get(queue));
        if (left < oldest() || Number(dropped ?? 0) > left - margin) return undefined;
        const range = IDBKeyRange.bound([queue, joined], [queue, Infinity]);
        const kept = await settled<Kept[]>(transaction.objectStore('events').index('arrival').getAll(range));
        return kept.map(({ id, text, sentAt }) => ({ id, text, sentAt }));
      };
      let timer: unknown;
      const late = new Promise<undefined>((resolve) => {
        timer = environment.setTimeout(() => {
          resolve(undefined);
        }, timeout);
      });
      const found = await Promise.race([next('readonly', find), late]);
      environment.clearTimeout(timer);
      return found;
    },

    async clear(): Promise<void> {
      await next('readwrite', async (transaction) => {
        transaction.objectStore('dropped').clear();
        await settled(transaction.objectStore('events').clear());
      });
    },
  };
};
