import type { Environment } from './environment.ts';
import type { Message } from './types.ts';

/** How many handled messages a tab remembers, and how many a browser writes down, for all its sessions. */
export const capacity = 10_000;
export const writtenCapacity = 1_000;
/** The key in localStorage, and in sessionStorage. */
export const storageKey = 'sqs-browser/2';
/** More microtasks than the next message takes whose handler waits for nothing. */
const turnLength = 50;

/** What a tab writes down when it stops listening: when, since when it had listened, the newest handled message, and what it showed. */
type Leaving = readonly [left: number, joined: number, newest: number, shown: readonly number[]];

/**
 * 53 bits of two hashes that are made as FNV-1a's and differ in their factors: http://www.isthe.com/chongo/tech/comp/fnv. That a
 * new message looks like one of 10,000 happens once in 10^11.
 */
const hash = (text: string): number => {
  let [one, two] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
    two = Math.imul(two ^ text.charCodeAt(index), 0x85ebca6b);
  }
  return (one >>> 0) * 2 ** 21 + (two >>> 11);
};

/**
 * Remembers which messages of a queue were handled, also across page loads where there is a storage.
 * @param queue returns the queue's URL.
 */
export const createSeenMessages = (environment: Environment, queue: () => string) => {
  /** Keys of what this tab has shown, or gave up. */
  const shown = new Set<number>();
  /** Keys of what other tabs handled and this one has not shown yet. */
  const behind = new Set<number>();
  /** What is written down before this turn ends, and the microtasks since it grew. */
  let unwritten: number[] = [];
  let turns = 0;
  /** When this tab began to listen, epoch milliseconds. */
  let joined = environment.Date.now();

  const keyOf = (id: string): number => hash(queue() + id);

  const remember = (key: number): void => {
    behind.delete(key);
    shown.add(key);
    const [oldest = 0] = shown;
    if (shown.size > capacity) shown.delete(oldest);
  };

  /**
   * What this client wrote into a storage; then sets another value, if there is one. A storage may be missing, forbidden or full:
   * then there is nothing.
   */
  const stored = <T extends readonly unknown[]>(
    name: 'localStorage' | 'sessionStorage',
    key: string,
    value?: T,
  ): T | undefined => {
    try {
      const storage = environment.document && environment[name];
      const old = storage?.getItem(key);
      if (value) storage?.setItem(key, JSON.stringify(value));
      return JSON.parse(old ?? '') as T;
    } catch {
      return undefined;
    }
  };

  const written = (): readonly number[] => stored('localStorage', storageKey) ?? [];
  const newest = (): number => written().at(-1) ?? 0;
  const leavingKey = (): string => `${storageKey} ${queue()}`;

  /** Writes once for all messages that are noted in one turn, before the browser does anything else, such as to paint or to crash. */
  const writeSoon = async (): Promise<void> => {
    while (turns++ < turnLength) await Promise.resolve();
    stored('localStorage', storageKey, [...written(), ...unwritten].slice(-writtenCapacity));
    unwritten = [];
  };

  const isShown = ({ id }: Message): boolean => shown.has(keyOf(id));

  /** Keys of what was handled before this tab began to listen, in any tab. */
  const before = new Set(written());

  return {
    /**
     * Whether this tab has to show the message: it has not, and no tab handled it before this one began to listen. What others handled
     * since counts as new, since one that crashes may have written down what it had no time to tell.
     */
    isNew: (message: Message): boolean => !isShown(message) && !before.has(keyOf(message.id)),
    isShown,

    /**
     * A message was handled.
     * @param isShown whether this tab need not show it any more.
     * @param keep whether to write it down for the next page load. The tab that received it does, in the same turn, so that it is
     * not shown again if the page crashes in the next moment.
     */
    note(id: string, isShown: boolean, keep: boolean): void {
      const key = keyOf(id);
      if (isShown) remember(key);
      else if (!shown.has(key) && behind.size < capacity) behind.add(key);
      if (!keep) return;
      turns = 0;
      if (unwritten.push(key) < 2) void writeSoon();
    },

    /** The page closes, is kept for the back button, or is frozen: writes down what a page needs that goes on. */
    leave(): void {
      stored('sessionStorage', leavingKey(), [
        environment.Date.now(),
        joined,
        behind.size ? 0 : newest(),
        [...shown].slice(-writtenCapacity),
      ] satisfies Leaving);
    },

    /**
     * When the tab left, and when it had begun to listen, epoch milliseconds, if it missed messages that were handled in this
     * browser. Forgets it. What was shown before counts as shown.
     */
    missedSince(): readonly [left: number, joined: number] | undefined {
      const [left, start = 0, last, keys = []] = stored<Partial<Leaving>>('sessionStorage', leavingKey(), []) ?? [];
      if (!left) return undefined;
      joined = start;
      keys.forEach(remember);
      return last === newest() ? undefined : [left, start];
    },
  };
};
