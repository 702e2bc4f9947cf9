import { Failure } from '../aws/failures.ts';
import { deleteIdentities, identitiesPerCall, type Identities } from '../sessions/identities.ts';
import { maxAttempts, retry, type Pause } from '../aws/retry.ts';
import type { Tally } from './sweep-result.ts';
import type { Log } from '../aws/task.ts';

export interface IdentityRemover {
  readonly identities: Identities;
  readonly pause: Pause;
  readonly log: Log;
}

/** Deletes identities, 60 in a call, and counts them; what cannot be deleted makes the sweep incomplete. */
export const removeIdentities = async (
  remover: IdentityRemover,
  identityIds: readonly string[],
  tally: Tally,
): Promise<void> => {
  for (const some of chunks(identityIds, identitiesPerCall)) {
    const left = await removeSome(remover, some).catch((error: unknown) => {
      remover.log.warn('IDENTITIES_NOT_DELETED', { failure: error instanceof Failure ? error.name : 'unknown' });
      return some.length;
    });
    tally.identitiesRemoved += some.length - left;
    if (left > 0) tally.complete = false;
  }
};

/** Resends what Cognito did not get to; answers how many are left. */
const removeSome = async (
  { identities, pause, log }: IdentityRemover,
  identityIds: readonly string[],
): Promise<number> => {
  let denied = 0;
  let left = identityIds;
  for (let attempt = 1; ; attempt += 1) {
    const unprocessed = await retry(() => deleteIdentities(identities, left), pause);
    const again = unprocessed.filter(({ ErrorCode }) => ErrorCode !== 'AccessDenied');
    denied += unprocessed.length - again.length;
    left = again.flatMap(({ IdentityId }) => IdentityId ?? []);
    if (left.length === 0 || attempt === maxAttempts) break;
    await pause(attempt);
  }
  if (denied + left.length > 0) log.warn('IDENTITIES_UNPROCESSED', { denied, left: left.length });
  return denied + left.length;
};

/** Cuts a list into pieces of at most `size`. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
