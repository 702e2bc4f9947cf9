/** A record for the stream. */
export interface StreamPut {
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/** One thing that was set aside: a queue's message, several that belong together, or an object of the bucket. */
export interface Leftover {
  /** What goes on the stream for it. */
  readonly puts: readonly StreamPut[];
  /** Tell it from others in this run, so that what is set aside again meanwhile is left for another run. */
  readonly identities: readonly string[];
  /** What its source removes it by: receipt handles, or an object's key. */
  readonly handles: readonly string[];
}

/** What was found and cannot be put back: it stays, for the reason. */
export interface Unusable {
  readonly reason: string;
}

/** Where deadLetters come from. */
export interface Source {
  /** The next ones, or undefined when there are no more. */
  next(): Promise<readonly (Leftover | Unusable)[] | undefined>;
  /** Takes away what has been put back; answers how many could not be. */
  remove(handles: readonly string[]): Promise<number>;
  /** Gives back what was taken out to be looked at and has not been removed. */
  release(): Promise<void>;
}

/** Puts records on the stream; answers for each its sequence number, or undefined when it was not accepted. */
export type Put = (records: readonly StreamPut[]) => Promise<(string | undefined)[]>;

export interface Counts {
  /** DeadLetters put back and removed; in a dry run, those that would be. */
  putBack: number;
  /** Records that made. */
  records: number;
  /** Left because they were set aside again during this run. */
  again: number;
  /** Left because the stream did not accept all of their records. */
  refused: number;
  /** Messages that were put back and could not be removed, so that another run would put them back again. */
  unremoved: number;
  /** Left because they cannot be put back, by reason. */
  readonly unusable: Map<string, number>;
}

export interface Run {
  readonly source: Source;
  readonly put: Put;
  readonly dryRun: boolean;
  readonly progress: (counts: Counts) => void;
}

/**
 * Puts everything back that was set aside, and removes what the stream has accepted whole. What is set aside again by the
 * records of this run is told by its identity and left, so that the run ends.
 */
export const putBack = async ({ source, put, dryRun, progress }: Run): Promise<Counts> => {
  const counts: Counts = { putBack: 0, records: 0, again: 0, refused: 0, unremoved: 0, unusable: new Map() };
  const seen = new Set<string>();
  try {
    for (let found = await source.next(); found; found = await source.next()) {
      const usable = sortOut(found, counts.unusable);
      const fresh = usable.filter(({ identities }) => identities.every((identity) => !seen.has(identity)));
      // Queues do not keep order; ids of messages and records of a shard do.
      fresh.sort((a, b) => ((a.identities[0] ?? '') < (b.identities[0] ?? '') ? -1 : 1));
      const accepted = dryRun ? fresh : await putAll(fresh, put, seen);
      if (!dryRun) counts.unremoved += await source.remove(accepted.flatMap(({ handles }) => handles));
      counts.again += usable.length - fresh.length;
      counts.refused += fresh.length - accepted.length;
      counts.putBack += accepted.length;
      counts.records += accepted.reduce((sum, { puts }) => sum + puts.length, 0);
      progress(counts);
    }
  } finally {
    await source.release();
  }
  return counts;
};

/** The usable ones; the others are counted by their reason. */
const sortOut = (found: readonly (Leftover | Unusable)[], unusable: Map<string, number>): Leftover[] =>
  found.flatMap((each) => {
    if ('puts' in each) return [each];
    unusable.set(each.reason, (unusable.get(each.reason) ?? 0) + 1);
    return [];
  });

/** Puts the deadLetters' records on the stream; answers the deadLetters that were accepted whole. */
const putAll = async (deadLetters: readonly Leftover[], put: Put, seen: Set<string>): Promise<Leftover[]> => {
  const numbers = await put(deadLetters.flatMap(({ puts }) => puts));
  const accepted: Leftover[] = [];
  let at = 0;
  for (const leftover of deadLetters) {
    const own = numbers.slice(at, (at += leftover.puts.length));
    for (const known of [...own, ...leftover.identities]) if (known !== undefined) seen.add(known);
    if (!own.includes(undefined)) accepted.push(leftover);
  }
  return accepted;
};
