import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import * as z from 'zod/mini';
import { openCognito } from '../aws/clients.ts';
import { UpstreamFailed, UpstreamUnavailable } from '../aws/errors.ts';
import { deleteIdentities } from '../sessions/identities.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ identityId: z.string() });

/**
 * Deletes an identity; one that is gone already is deleted.
 * @throws UpstreamUnavailable when Cognito did not get to it, UpstreamFailed when it may not be deleted
 */
export const handle =
  ({ cognito }: { readonly cognito: CognitoIdentityClient }) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const [left] = await deleteIdentities(cognito, [inputSchema.parse(input).identityId]);
    if (left?.ErrorCode === 'AccessDenied') throw new UpstreamFailed('The identity may not be deleted');
    if (left) throw new UpstreamUnavailable('The identity was not deleted');
    return {};
  };

export const handler = task('delete-identity', [], () => handle({ cognito: openCognito() }));
