import type { CallGroup, RecordedExecution } from './recording.ts';

/** A call as it was seen, in milliseconds of any clock. */
export interface SeenCall {
  readonly call: string;
  readonly begin: number;
  readonly end: number;
  /** The execution that it waited for. */
  readonly execution?: RecordedExecution | undefined;
}

interface Group {
  readonly call: string;
  readonly after: number;
  readonly calls: SeenCall[];
  end: number;
}

/** The most calls that were under way at one time. */
const maxAtOnce = (calls: readonly SeenCall[]): number =>
  Math.max(...calls.map(({ begin }) => calls.filter((other) => other.begin <= begin && other.end > begin).length));

/**
 * Puts the calls of one run of a function into groups. Calls of one name that overlapped are a group; a group waited for the one that had ended
 * last when it began.
 */
export const groupCalls = (seen: readonly SeenCall[]): readonly CallGroup[] => {
  const groups: Group[] = [];
  for (const call of [...seen].sort((a, b) => a.begin - b.begin)) {
    const open = groups.findLast((group) => group.call === call.call && group.end > call.begin);
    if (open) {
      open.calls.push(call);
      open.end = Math.max(open.end, call.end);
      continue;
    }
    const ended = groups.filter(({ end }) => end <= call.begin).sort((a, b) => b.end - a.end)[0];
    groups.push({ call: call.call, after: ended ? groups.indexOf(ended) : -1, calls: [call], end: call.end });
  }
  return groups.map(({ call, after, calls }) => {
    const executions = calls.flatMap(({ execution }) => execution ?? []);
    return {
      ...{ call, after, times: calls.length, atOnce: maxAtOnce(calls) },
      ...(executions.length > 0 && { executions }),
    };
  });
};

/**
 * The calls of one run of a function of which many ran at once. Which run made which call is unknown, so each has an equal share. The groups are in the
 * order of their first calls; calls of the commonest name are made side by side, the others one after the other.
 * @param counts by name, in the order of their first call
 */
export const sharedCalls = (
  counts: ReadonlyMap<string, number>,
  { runs, atOnce }: { readonly runs: number; readonly atOnce: number },
): readonly CallGroup[] => {
  const commonest = Math.max(...counts.values());
  return [...counts].map(([call, count], index) => ({
    call,
    after: index - 1,
    times: Math.max(1, Math.round(count / runs)),
    atOnce: count === commonest ? atOnce : 1,
  }));
};
