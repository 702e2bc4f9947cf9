import type { RetryPolicy } from '../shared/backoff.ts';
import { membersOf } from '../shared/json.ts';
import type { SessionCredentials } from './credentials.ts';
import type { Environment } from './environment.ts';
import type { Dispatch } from './state.ts';
import { within } from './timer.ts';
import type { ConnectOptions, RenewingState, Session } from './types.ts';

/** How long renew() may take, milliseconds. */
const renewTimeout = 30_000;

export interface RenewalOwner {
  readonly environment: Environment;
  readonly credentials: SessionCredentials;
  readonly options: ConnectOptions;
  readonly retry: RetryPolicy;
  readonly dispatch: Dispatch;
  /** There is a new session. */
  onSession(session: Session): void;
}

/** Whether a rejection or an answer says that there is no such session any more. */
const isGone = (said: unknown): boolean => {
  const { status, name, error } = membersOf(said);
  return [status, name, error].some((sign) => sign === 404 || sign === 'SessionNotFound');
};

/** Asks the backend for new credentials, once. */
export const renew = async (owner: RenewalOwner, { reason }: RenewingState): Promise<void> => {
  const { environment, credentials, options } = owner;
  try {
    const answer: unknown = await within(environment, renewTimeout, options.renew(credentials.session()));
    if (isGone(answer)) throw answer;
    if (answer === undefined) throw new Error('renew() gave nothing in time');
    credentials.renew(answer);
    owner.onSession(credentials.session());
    owner.dispatch('connecting', 'resumed');
  } catch (error) {
    if (isGone(error)) {
      owner.dispatch('ended', 'session-gone');
    } else if (reason === 'expiring' && credentials.areValid()) {
      // No reason to stop polling.
      credentials.postpone(owner.retry);
      owner.dispatch('connecting', 'resumed');
    } else {
      owner.dispatch('waiting', 'renew-failed', String(error));
    }
  }
};
