import type { Environment, KeyValueStorage } from './environment.ts';

/** How many handled messages a tab remembers, and how many a browser writes down, for all its sessions. */
export const capacity = 10_000;
export const writtenCapacity = 1_000;
/** The key in localStorage, and in sessionStorage. */
export const storageKey = 'sqs-browser/2';
/** Characters of a message's key. */
const keyLength = 11;

/**
 * 53 bits of two hashes that are made as FNV-1a's and differ in their factors: http://www.isthe.com/chongo/tech/comp/fnv. That a
 * new message looks like one of 10,000 happens once in 10^11.
 */
const keyOf = (text: string): string => {
  let [one, two] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
    two = Math.imul(two ^ text.charCodeAt(index), 0x85ebca6b);
  }
  return ((one >>> 0) * 2 ** 21 + (two >>> 11)).toString(36).padStart(keyLength, '0');
};

/**
 * Remembers which messages of a queue were handled, also across page loads where there is a storage.
 * @param queue returns the queue's URL.
 */
export const createSeenMessages = (environment: Environment, queue: () => string) => {
  /** By key: whether this tab need not show the message any more. */
  const handled = new Map<string, boolean>();

  const remember = (key: string, isShown: boolean): void => {
    handled.set(key, isShown || handled.get(key) === true);
    const [oldest = ''] = handled.keys();
    if (handled.size > capacity) handled.delete(oldest);
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

  const written = (): string => withStorage('localStorage', (storage) => storage.getItem(storageKey)) ?? '';
  const newest = (): string => written().slice(-keyLength);
  const leavingKey = (): string => `${storageKey} ${queue()}`;

  return {
    /** Whether the message was handled, in any tab. */
    isHandled: (id: string): boolean => handled.has(keyOf(queue() + id)),

    isShown: (id: string): boolean => handled.get(keyOf(queue() + id)) === true,

    /**
     * A message was handled.
     * @param options isShown: whether this tab need not show it any more. keep: whether to write it down for the next page load.
     * The tab that received it does, at once, so that it is not shown again if the page crashes in the next moment.
     */
    note(id: string, { isShown, keep }: { readonly isShown: boolean; readonly keep: boolean }): void {
      const key = keyOf(queue() + id);
      remember(key, isShown);
      if (!keep) return;
      withStorage('localStorage', (storage) => {
        storage.setItem(storageKey, (written() + key).slice(-keyLength * writtenCapacity));
      });
    },

    /** Reads what was written down, by any tab. */
    load(): void {
      for (let rest = written(); rest; rest = rest.slice(keyLength)) remember(rest.slice(0, keyLength), false);
    },

    /** The page closes, is kept for the back button, or is frozen: writes down when, and the newest handled message. */
    leave(): void {
      withStorage('sessionStorage', (storage) => {
        storage.setItem(leavingKey(), `${environment.Date.now()} ${newest()}`);
      });
    },

    /** When the tab left, epoch milliseconds, if messages were handled in this browser since then; forgets it. */
    missedSince: (): number | undefined =>
      withStorage('sessionStorage', (storage) => {
        const [left, newestThen] = storage.getItem(leavingKey())?.split(' ') ?? [];
        storage.setItem(leavingKey(), '');
        return left && newestThen !== newest() ? Number(left) : undefined;
      }),
  };
};
