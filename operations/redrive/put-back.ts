import type { InlineMessage } from '../../functions/dispatch/message.ts';

/** A record for the stream. */
export interface StreamRecord {
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/** Something that can be put back: a queue's message, several messages that belong together, or a bucket's object. */
export interface Item {
  /** Dispatched again, under the ids they have. */
  readonly messages: readonly InlineMessage[];
  /** Put on the stream as they were, since they hold no message. */
  readonly records: readonly StreamRecord[];
  /** Identify it in this run, so that the run ends: what is set aside again meanwhile is left for another run. */
  readonly identities: readonly string[];
  /** What the source needs to remove it: receipt handles, or an object's key. */
  readonly handles: readonly string[];
}

/** Something that cannot be put back, with the reason: it stays where it is. */
export interface Unusable {
  readonly reason: string;
}

/** Where items come from. */
export interface Source {
  /** The next ones, or undefined when there are no more. */
  next(): Promise<readonly (Item | Unusable)[] | undefined>;
  /** Removes what has been put back. Returns how many could not be removed. */
  remove(handles: readonly string[]): Promise<number>;
  /** Releases what was received and not removed. */
  release(): Promise<void>;
}

/** Dispatches messages. Returns the positions of those that are not done, and why. */
export type Dispatch = (
  messages: readonly InlineMessage[],
) => Promise<{ readonly notDone: readonly number[]; readonly failure?: unknown }>;

/** Puts records on the stream. Returns the sequence number of each, or undefined when it was not accepted. */
export type Put = (records: readonly StreamRecord[]) => Promise<readonly (string | undefined)[]>;

export interface Counts {
  /** Items put back and removed; in a dry run, those that would be. */
  putBack: number;
  /** Messages dispatched and records put on the stream for them. */
  messages: number;
  records: number;
  /** Left because they were set aside again during this run. */
  again: number;
  /** Put back and not removed, so that another run would put them back again. */
  unremoved: number;
  /** Left for other reasons, by reason. */
  readonly left: Map<string, number>;
}

export interface Run {
  readonly source: Source;
  readonly dispatch: Dispatch;
  readonly put: Put;
  readonly dryRun: boolean;
  readonly progress: (counts: Counts) => void;
}

/**
 * Puts back everything that was set aside, and removes what was completely dispatched or accepted by the stream. What is set aside again
 * during the run is recognized by its identity and left, so that the run ends.
 */
export const putBack = async (run: Run): Promise<Counts> => {
  const { source, dryRun, progress } = run;
  const counts: Counts = { putBack: 0, messages: 0, records: 0, again: 0, unremoved: 0, left: new Map() };
  const seen = new Set<string>();
  try {
    for (let found = await source.next(); found; found = await source.next()) {
      const usable = sortOut(found, counts.left);
      const fresh = usable.filter(({ identities }) => identities.every((identity) => !seen.has(identity)));
      // Queues do not keep order; ids of messages and records of a shard do.
      fresh.sort((a, b) => ((a.identities[0] ?? '') < (b.identities[0] ?? '') ? -1 : 1));
      const done = dryRun ? fresh : await putAll(fresh, run, { seen, left: counts.left });
      if (!dryRun) counts.unremoved += await source.remove(done.flatMap(({ handles }) => handles));
      counts.again += usable.length - fresh.length;
      counts.putBack += done.length;
      counts.messages += done.reduce((sum, { messages }) => sum + messages.length, 0);
      counts.records += done.reduce((sum, { records }) => sum + records.length, 0);
      progress(counts);
    }
  } finally {
    await source.release();
  }
  return counts;
};

const addTo = (left: Map<string, number>, reason: string): void => {
  left.set(reason, (left.get(reason) ?? 0) + 1);
};

/** The usable ones; the others are counted by their reason. */
const sortOut = (found: readonly (Item | Unusable)[], left: Map<string, number>): Item[] =>
  found.flatMap((each) => {
    if ('messages' in each) return [each];
    addTo(left, each.reason);
    return [];
  });

/** Puts items back. Returns those that were put back completely. */
const putAll = async (
  items: readonly Item[],
  { dispatch, put }: Pick<Run, 'dispatch' | 'put'>,
  { seen, left }: { readonly seen: Set<string>; readonly left: Map<string, number> },
): Promise<Item[]> => {
  for (const identity of items.flatMap(({ identities }) => identities)) seen.add(identity);
  const dispatched = await dispatch(items.flatMap(({ messages }) => messages));
  const notDone = new Set(dispatched.notDone);
  const numbers = await put(items.flatMap(({ records }) => records));
  for (const number of numbers) if (number !== undefined) seen.add(number);
  let message = 0;
  let record = 0;
  return items.filter(({ messages, records }) => {
    const own = messages.map(() => notDone.has(message++));
    const accepted = numbers.slice(record, (record += records.length));
    if (own.includes(true)) addTo(left, `they could not be dispatched: ${reasonOf(dispatched.failure)}`);
    else if (accepted.includes(undefined)) addTo(left, 'the stream did not accept all of their records');
    else return true;
    return false;
  });
};

const reasonOf = (failure: unknown): string => (failure instanceof Error ? failure.message : 'unknown');
