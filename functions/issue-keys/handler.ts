import * as z from 'zod/mini';
import { readEnvironment, type Environment } from '../aws/environment.ts';
import { issueKeys, openKeyService, type KeyService } from '../sessions/browser-keys.ts';
import { SessionConflict } from '../aws/failures.ts';
import { openIdentities, openIdToken, type Identities } from '../sessions/identities.ts';
import { sessionPolicy } from '../sessions/policies.ts';
import { newQueueName, queueNameOf } from '../sessions/queue-names.ts';
import { identitySchema, type Keys } from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  /** The session that was found; without one, a queue is being made for the identity. */
  session: z.nullable(z.object({ queueUrl: z.string() })),
  identity: identitySchema,
});

interface Dependencies {
  readonly identities: Identities;
  readonly keyService: KeyService;
}

/**
 * Issues keys that open the session's one queue.
 * @throws SessionConflict when the identity is gone: the session was refreshed or destroyed since it was found
 */
export const handle =
  (
    { identities, keyService }: Dependencies,
    environment: Environment<'browserRoleArn' | 'queuePrefix' | 'queueArnPrefix' | 'keyHours'>,
  ) =>
  async (input: unknown): Promise<Keys> => {
    const { session, identity } = inputSchema.parse(input);
    const { browserRoleArn, queuePrefix, queueArnPrefix, keyHours } = environment;
    const token = await openIdToken(identities, identity.identityId);
    if (token === undefined) throw new SessionConflict();
    const queueName = session ? queueNameOf(session.queueUrl) : newQueueName(queuePrefix, identity.sessionName);
    return issueKeys(keyService, {
      roleArn: browserRoleArn,
      sessionName: identity.sessionName,
      token,
      policy: sessionPolicy(queueArnPrefix + queueName),
      duration: Number(keyHours) * 3600,
    });
  };

export const handler = task('issue-keys', () =>
  handle(
    { identities: openIdentities(), keyService: openKeyService() },
    readEnvironment(['browserRoleArn', 'queuePrefix', 'queueArnPrefix', 'keyHours']),
  ),
);
