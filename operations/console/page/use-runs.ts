import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../deployment/runs.ts';
import type { Asked } from './ask.ts';
import { ask, messageOf } from './ask.ts';
import { maxRuns, RunStore, timeOfRun } from './run-store.ts';

/** Milliseconds between two looks. */
const interval = 2_000;

/** Milliseconds by which looks overlap: CloudWatch Logs may have a line a little later than it is dated. */
const overlap = 15_000;

/** Runs in the first answer, and in each that goes further back. */
const pageSize = 500;

/** As the question's parameters: `since` in milliseconds before now. */
export interface RunFilters extends Readonly<Record<string, string>> {
  readonly machine: string;
  readonly failed: string;
  readonly since: string;
}

type Read = (parameters: Readonly<Record<string, string>>) => Promise<readonly Run[]>;

/**
 * The runs that the filters let through, the latest first: new ones come as they run, older ones when `more` is called. Each look asks
 * for what is new only.
 */
export const useRuns = (filters: RunFilters): Asked<readonly Run[]> & { readonly more: () => void } => {
  const key = JSON.stringify(filters);
  const store = useMemo(() => ({ runs: new RunStore(), isReading: false, isAtEnd: false }), [key]);
  const [, setRound] = useState(0);
  const [state, setState] = useState<{ key: string; isLoaded: boolean; error?: string }>({ key, isLoaded: false });

  const read = useCallback<Read>(
    async (parameters) => {
      const found = await ask<readonly Run[]>('runs', { ...filters, limit: String(pageSize), ...parameters });
      store.runs.add(found);
      setState({ key, isLoaded: true });
      return found;
    },
    [store],
  );

  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let looked: number | undefined;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        const now = Date.now();
        try {
          const since = looked === undefined ? {} : { since: String(now - looked + overlap) };
          // What came while the page was hidden is read back whole.
          await read(looked === undefined ? since : { ...since, limit: String(maxRuns) });
          looked = now;
        } catch (error) {
          if (!isOver) setState((known) => ({ ...known, key, error: messageOf(error) }));
        }
      }
      if (!isOver) timer = setTimeout(() => void look(), interval);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [store]);

  const more = useCallback(() => {
    const last = store.runs.runs.at(-1);
    if (!last || store.isReading || store.isAtEnd || store.runs.runs.length >= maxRuns) return;
    store.isReading = true;
    const known = store.runs.runs.length;
    void read({ until: String(timeOfRun(last)) })
      .then(() => {
        store.isAtEnd = store.runs.runs.length === known;
      })
      .catch(() => undefined)
      .finally(() => {
        store.isReading = false;
        setRound((round) => round + 1);
      });
  }, [store, read]);

  const isCurrent = state.key === key;
  return {
    answer: isCurrent && state.isLoaded ? store.runs.runs : undefined,
    error: isCurrent ? state.error : undefined,
    again: () => {
      void read({}).catch(() => undefined);
    },
    more,
  };
};
