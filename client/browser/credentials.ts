import type { RetryPolicy } from '../shared/backoff.ts';
import { checkSession } from './check.ts';
import type { Session } from './types.ts';

const hour = 3_600_000;
/** The shortest time between two renewals that a refusal of SQS brings about, milliseconds. */
const renewalInterval = 60_000;

export type SessionCredentials = ReturnType<typeof keepCredentials>;

/**
 * The session with its credentials of now, and when to renew them.
 * @param now epoch milliseconds by the server's clock.
 */
export const keepCredentials = (first: Session, now: () => number) => {
  let session = first;
  let renewal = 0;
  let renewed = -Infinity;
  let postponed = 0;
  const left = (): number => session.expires * 1_000 - now();

  /**
   * Sets the time of renewal into the last fifth of the credentials' life, at random in its first half: a backend that logged
   * many in at once is not asked by all at once. Credentials that seem expired the moment they come mean a wrong clock, here
   * or there: SQS will tell, and the backend is not asked meanwhile.
   */
  const plan = (): void => {
    renewal = now() + (left() > 0 ? left() * (0.8 + 0.1 * Math.random()) : hour);
  };
  plan();

  const accept = (fresh: Session): void => {
    session = fresh;
    postponed = 0;
    plan();
  };

  return {
    plan,
    accept,
    session: (): Session => session,
    /** Milliseconds until the credentials should be renewed. */
    dueIn: (): number => Math.max(0, renewal - now()),
    areValid: (): boolean => left() > 0,
    /** Whether a refusal is a reason to renew: not when the refused credentials were got a moment ago. */
    mayRenew: (): boolean => now() - renewed >= renewalInterval,
    /** The renewal failed, but the credentials still work: it is tried again after a growing delay. */
    postpone(retry: RetryPolicy): void {
      renewal = now() + 1_000 + retry(++postponed);
    },
    /** Takes what renew() gave. @throws TypeError that names what is wrong with it; the session stays as it was then. */
    renew(fresh: unknown): void {
      accept(checkSession(fresh, "renew()'s answer"));
      renewed = now();
    },
  };
};
