import type { Locks } from './environment.ts';

export interface ElectionOwner {
  onLead(): void;
  onLost(): void;
}

/** Elects one of the tabs by a lock, which the browser passes on when its holder closes or crashes. */
export const createElection = (owner: ElectionOwner, name: string, locks: Locks) => {
  /** Whether this tab does not stand for election. */
  let hasLeft = false;
  /** Counts the requests for the lock: only the last one matters. */
  let turn = 0;
  let queued = new AbortController();
  let release: (() => void) | undefined;

  const compete = (steal: boolean): void => {
    const mine = ++turn;
    queued.abort();
    queued = new AbortController();
    let isGranted = false;
    const hold = async (): Promise<void> => {
      if (hasLeft) return;
      isGranted = true;
      owner.onLead();
      await new Promise<void>((resolve) => (release = resolve));
    };
    const onRefused = (): void => {
      if (hasLeft || mine !== turn) return;
      if (isGranted) {
        owner.onLost();
        compete(false);
      } else {
        // Locks are forbidden here, as in a sandboxed frame: this tab works alone.
        void hold();
      }
    };
    try {
      locks.request(name, steal ? { steal } : { signal: queued.signal }, hold).catch(onRefused);
    } catch {
      onRefused();
    }
  };

  return {
    /** Becomes the leader at once, in place of the one there is. */
    takeOver(): void {
      compete(true);
    },
    join(): void {
      hasLeft = false;
      compete(false);
    },
    /** Stands for election no more, and passes the lead on. */
    leave(): void {
      hasLeft = true;
      queued.abort();
      release?.();
    },
  };
};
