/** State that may outlast the process: a service has entries of some kinds, each under a key. */

/** Entries of one kind. */
export interface Entries<Live, Kept> {
  /** The entries of an earlier process, in the order of the keys. @param prefix only keys that begin with it */
  load(prefix?: string): readonly (readonly [key: string, kept: Kept])[];
  /** Writes the value at the next write, as it is then. */
  put(key: string, value: Live): void;
  remove(key: string): void;
  /** Removes every entry whose key begins with the prefix. */
  removeAll(prefix: string): void;
}

/**
 * The form in which a value is kept: anything that v8.serialize takes. Undefined removes the entry.
 */
export type Describe<Live, Kept> = (value: Live) => Kept | undefined | Promise<Kept | undefined>;

export interface State {
  /** @param name of the kind, such as `sqs-queues`: once per process */
  entries<Live, Kept>(name: string, describe: Describe<Live, Kept>): Entries<Live, Kept>;
  /** Writes the changes that are not written yet, and ends. */
  close(): Promise<void>;
}

/** The entries whose keys begin with the prefix, under the rest of their keys. */
export const withPrefix = <Live, Kept>(
  entries: Entries<Live, Kept>,
  prefix: string,
): Pick<Entries<Live, Kept>, 'load' | 'put'> => ({
  load: (start = '') => entries.load(prefix + start).map(([key, kept]) => [key.slice(prefix.length), kept] as const),
  put: (key, value) => {
    entries.put(prefix + key, value);
  },
});

/** State that ends with the process. */
export const noState: State = {
  entries: () => ({ load: () => [], put: () => undefined, remove: () => undefined, removeAll: () => undefined }),
  close: () => Promise.resolve(),
};

/** A number as a part of a key, so that keys are in the order of their numbers. */
export const numberKey = (number: number): string => number.toString().padStart(16, '0');
