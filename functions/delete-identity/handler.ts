import * as z from 'zod/mini';
import { openCognito, type CognitoIdentityClient } from '../aws/clients.ts';
import { task } from '../aws/task.ts';
import { deleteIdentity } from '../sessions/identities.ts';

const inputSchema = z.object({ identityId: z.string() });

/**
 * Deletes an identity. One that does not exist counts as deleted.
 * @throws UpstreamUnavailable when Cognito did not get to it, UpstreamFailed when it may not be deleted
 */
export const handle =
  ({ cognito }: { readonly cognito: CognitoIdentityClient }) =>
  async (input: unknown): Promise<Record<string, never>> => {
    await deleteIdentity(cognito, inputSchema.parse(input).identityId);
    return {};
  };

export const handler = task('delete-identity', [], () => handle({ cognito: openCognito() }));
