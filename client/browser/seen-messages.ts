import type { Environment, KeyValueStorage } from './environment.ts';
import { sha256Hex } from './sha256.ts';

/** How many handled messages a tab remembers, and how many a browser writes down, for all its sessions. */
export const capacity = 10_000;
export const writtenCapacity = 1_000;
/** The key in localStorage, and in sessionStorage. */
export const storageKey = 'sqs-browser';

/** What a tab writes down when it leaves: when that was, and the newest handled message of the browser. */
interface Leaving {
  readonly at: number;
  readonly newest: string;
}

/**
 * Remembers which messages of a queue were handled, also across page loads where there is a storage.
 * @param queue returns the queue's URL.
 */
export const createSeenMessages = (environment: Environment, queue: () => string) => {
  const known = new Set<string>();

  /** Twelve hexadecimal digits: that a new message looks like one of the remembered happens once in 10^10. */
  const keyOf = (id: string): string => sha256Hex(queue() + id).slice(0, 12);

  const remember = (key: string): void => {
    known.add(key);
    for (const oldest of known) {
      if (known.size <= capacity) return;
      known.delete(oldest);
    }
  };

  /** Uses a storage, which may be missing, forbidden, or full: then it has nothing. */
  const withStorage = <T>(
    name: 'localStorage' | 'sessionStorage',
    use: (storage: KeyValueStorage) => T,
  ): T | undefined => {
    try {
      const storage = environment.document && environment[name];
      return storage && use(storage);
    } catch {
      return undefined;
    }
  };

  const written = (): readonly string[] =>
    withStorage('localStorage', (storage) => storage.getItem(storageKey)?.split(' ')) ?? [];

  const newest = (): string => written().at(-1) ?? '';

  return {
    has: (id: string) => known.has(keyOf(id)),

    /** @param keep whether to write it down for the next page load; the tab that received it does. */
    add(id: string, keep: boolean): void {
      const key = keyOf(id);
      remember(key);
      if (!keep) return;
      const keys = [...written(), key].slice(-writtenCapacity).join(' ');
      withStorage('localStorage', (storage) => {
        storage.setItem(storageKey, keys);
      });
    },

    /** Reads what was written down, by any tab. */
    load(): void {
      written().forEach(remember);
    },

    /** The page closes, is kept for the back button, or is frozen. */
    leave(): void {
      const leaving: Leaving = { at: environment.Date.now(), newest: newest() };
      withStorage('sessionStorage', (storage) => {
        storage.setItem(`${storageKey} ${queue()}`, JSON.stringify(leaving));
      });
    },

    /** When the tab left, epoch milliseconds, if messages were handled in this browser since then; forgets it. */
    missedSince(): number | undefined {
      return withStorage('sessionStorage', (storage) => {
        const text = storage.getItem(`${storageKey} ${queue()}`);
        storage.setItem(`${storageKey} ${queue()}`, '');
        if (!text) return undefined;
        const leaving = JSON.parse(text) as Leaving;
        return leaving.newest === newest() ? undefined : leaving.at;
      });
    },
  };
};
