import type { Session } from './types.ts';

const hour = 3_600_000;

export type SessionKeys = ReturnType<typeof keepKeys>;

/** The session's keys of now, and when they should be renewed. @param now epoch milliseconds by the server's clock. */
export const keepKeys = (first: Session, now: () => number) => {
  let session = first;
  let renewal = 0;
  const left = (): number => session.expires * 1_000 - now();

  /**
   * Sets the time of renewal into the last fifth of the keys' life, at random in its first half: a backend that logged
   * many in at once is not asked by all at once. Keys that seem expired the moment they come mean a wrong clock, here or
   * there: SQS will tell, and nobody is asked meanwhile.
   */
  const plan = (): void => {
    renewal = now() + (left() > 0 ? left() * (0.8 + 0.1 * Math.random()) : hour);
  };
  plan();

  return {
    plan,
    session: (): Session => session,
    /** Milliseconds until the keys should be renewed. */
    dueIn: (): number => Math.max(0, renewal - now()),
    work: (): boolean => left() > 0,
    postpone(milliseconds: number): void {
      renewal = now() + milliseconds;
    },
    /** @throws Error with the members of what was got, if that is not a session. */
    adopt(fresh: Session): void {
      if (!(fresh as Session | null)?.secretKey) {
        throw Object.assign(new Error(`renew() gave no session: ${JSON.stringify(fresh)}`), fresh);
      }
      session = fresh;
      plan();
    },
  };
};
