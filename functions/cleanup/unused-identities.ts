import type { CognitoIdentityClient } from '../aws/clients.ts';
import { chunks } from '../aws/concurrency.ts';
import { Failure } from '../aws/errors.ts';
import { deleteIdentities, identitiesPerCall } from '../sessions/identities.ts';
import { backOff, maxAttempts, retry } from '../aws/retry.ts';
import type { Tally } from './sweep-result.ts';
import type { Host } from '../aws/task.ts';

export interface IdentityRemover extends Omit<Host, 'now'> {
  readonly cognito: CognitoIdentityClient;
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

/** Sends again the identities that Cognito did not get to. Returns how many are left. */
const removeSome = async (remover: IdentityRemover, identityIds: readonly string[]): Promise<number> => {
  const { cognito, log } = remover;
  let denied = 0;
  let left = identityIds;
  for (let attempt = 1; ; attempt += 1) {
    const unprocessed = await retry(() => deleteIdentities(cognito, left), remover);
    const again = unprocessed.filter(({ ErrorCode }) => ErrorCode !== 'AccessDenied');
    denied += unprocessed.length - again.length;
    left = again.flatMap(({ IdentityId }) => IdentityId ?? []);
    if (left.length === 0 || attempt === maxAttempts) break;
    await backOff(attempt, remover);
  }
  if (denied + left.length > 0) log.warn('IDENTITIES_UNPROCESSED', { denied, left: left.length });
  return denied + left.length;
};
