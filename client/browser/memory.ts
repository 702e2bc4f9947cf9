import type { Environment } from './environment.ts';
import { sha256Hex } from './sha256.ts';

/** How many handled messages a tab keeps in mind, and how many a browser writes down, for all its sessions. */
export const capacity = 10_000;
export const writtenCapacity = 1_000;
/** The key in the storage. */
export const storageKey = 'sqs-browser';

/** Remembers which messages of a queue were handled, also across page loads where there is a storage. */
export const createMemory = (environment: Environment, queue: string) => {
  const known = new Set<string>();

  /** Twelve hexadecimal digits: that a new message looks like one of the remembered happens once in 10^10. */
  const keyOf = (id: string): string => sha256Hex(queue + id).slice(0, 12);

  const remember = (key: string): void => {
    known.add(key);
    for (const oldest of known) {
      if (known.size <= capacity) return;
      known.delete(oldest);
    }
  };

  /** Looks into the storage, and leaves it with one more. It may be missing, forbidden, or full: then it has nothing. */
  const written = (...more: readonly string[]): readonly string[] => {
    try {
      const storage = environment.document && environment.localStorage;
      const keys = [...(storage?.getItem(storageKey)?.split(' ') ?? []), ...more].slice(-writtenCapacity);
      if (more.length) storage?.setItem(storageKey, keys.join(' '));
      return keys;
    } catch {
      return [];
    }
  };

  return {
    has: (id: string) => known.has(keyOf(id)),

    /** @param keep whether to write it down for the next page load; one tab of a browser does. */
    add(id: string, keep: boolean): void {
      remember(keyOf(id));
      if (keep) written(keyOf(id));
    },

    /** Reads what was written down, by whichever tab. */
    load(): void {
      written().forEach(remember);
    },
  };
};
