import * as z from 'zod/mini';
import { UpstreamFailed, UpstreamUnavailable } from '../aws/failures.ts';
import { deleteIdentities, openIdentities, type Identities } from '../sessions/identities.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ identityId: z.string() });

/**
 * Deletes an identity; one that is gone already is deleted.
 * @throws UpstreamUnavailable when Cognito did not get to it, UpstreamFailed when it may not be deleted
 */
export const handle =
  ({ identities }: { readonly identities: Identities }) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const [left] = await deleteIdentities(identities, [inputSchema.parse(input).identityId]);
    if (left?.ErrorCode === 'AccessDenied') throw new UpstreamFailed('The identity may not be deleted');
    if (left) throw new UpstreamUnavailable('The identity was not deleted');
    return {};
  };

export const handler = task('delete-identity', () => handle({ identities: openIdentities() }));
