import type { Environment, Locks } from './environment.ts';

export interface ElectionOwner {
  readonly environment: Environment;
  /** This tab leads, or leads no more. */
  onTurn(isLeading: boolean): void;
}

/**
 * Elects one of the tabs by a lock, which the browser passes on when its holder closes or crashes. Where there are no locks, as
 * over plain HTTP, only those lead who take over.
 */
export const createElection = (owner: ElectionOwner, name: string) => {
  let locks: Locks | undefined = owner.environment.navigator?.locks;
  /** Whether this tab does not stand for election. */
  let hasLeft = true;
  let rank = 0;
  /** Of the last request for the lock, which is the only one that matters. */
  let queued = new AbortController();
  let release = (): void => undefined;

  const lead = async (): Promise<void> => {
    if (hasLeft) return;
    rank = owner.environment.Date.now() + Math.random();
    owner.onTurn(true);
    await new Promise<void>((resolve) => (release = resolve));
  };

  /** Asks for the lock; `steal` takes it from its holder. */
  const compete = async (steal: boolean): Promise<void> => {
    queued.abort();
    const mine = (queued = new AbortController());
    try {
      await locks?.request(name, steal ? { steal } : { signal: mine.signal }, lead);
    } catch {
      if (hasLeft || mine !== queued) return;
      if (rank) lose();
      // Locks are forbidden here, as in a sandboxed frame.
      else locks = undefined;
    }
  };

  /** Leads no more: another tab does. */
  const lose = (): void => {
    rank = 0;
    release();
    owner.onTurn(false);
    void compete(false);
  };

  return {
    /** 0 when this tab does not lead, else higher the later it took the lead. */
    term: (): number => rank,
    /** Whether this tab stands for election and does not lead. */
    isCandidate: (): boolean => !hasLeft && !rank,
    lose,
    /** Becomes the leader at once, in place of the one there is. */
    takeOver: (): void => {
      void (locks ? compete(true) : lead());
    },
    join(): void {
      hasLeft = false;
      void compete(false);
    },
    /** Stands for election no more, and passes the lead on. */
    leave(): void {
      hasLeft = true;
      rank = 0;
      queued.abort();
      release();
    },
  };
};
