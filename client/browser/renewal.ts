import type { SessionKeys } from './keys.ts';
import type { Nap, NapOwner } from './nap.ts';
import type { ConnectOptions, Reasons, Session } from './types.ts';

/** How long renew() may take, milliseconds. */
const patience = 30_000;

export interface RenewalOwner extends NapOwner {
  readonly keys: SessionKeys;
  readonly options: ConnectOptions;
  /** New keys were got. */
  onSession(session: Session): void;
}

/** Returns how to renew the keys once, which tells whether that is settled: if not, it is to be called again. */
export const createRenewal = (owner: RenewalOwner, waitAfter: Nap['waitAfter']) => {
  const { environment, keys, options } = owner;
  /** Failures in a row. */
  let failures = 0;

  return async (reason: Reasons['renewing']): Promise<boolean> => {
    owner.setState({ status: 'renewing', reason });
    let timer: unknown;
    const tooLate = new Promise<never>((_, reject) => {
      timer = environment.setTimeout(() => {
        reject(new Error('renew() took too long'));
      }, patience);
    });
    try {
      keys.adopt(await Promise.race([options.renew(keys.session()), tooLate]));
      failures = 0;
      owner.onSession(keys.session());
      return true;
    } catch (error) {
      failures++;
      if (isGone(error)) {
        owner.setState({ status: 'ended', reason: 'session-gone' });
      } else if (reason === 'expiring' && keys.work()) {
        // No reason to stop polling.
        keys.postpone(1_000 + owner.retry(failures));
        return true;
      } else {
        await waitAfter('renew-failed', error, failures);
      }
      return false;
    } finally {
      environment.clearTimeout(timer);
    }
  };
};

/** Whether somebody says that there is no such session any more. */
const isGone = (said: unknown): boolean => {
  const { status, name, error } = Object(said) as Record<string, unknown>;
  return [status, name, error].some((sign) => sign === 404 || sign === 'SessionNotFound');
};
