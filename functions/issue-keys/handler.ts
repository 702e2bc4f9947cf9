import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import type { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod/mini';
import { openCognito, openSts } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { issueKeys } from '../sessions/browser-keys.ts';
import { SessionConflict } from '../aws/errors.ts';
import { openIdToken } from '../sessions/identities.ts';
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
  readonly cognito: CognitoIdentityClient;
  readonly sts: STSClient;
}

/**
 * Issues keys that open the session's one queue.
 * @throws SessionConflict when the identity is gone: the session was refreshed or destroyed since it was found
 */
export const handle =
  (
    { cognito, sts }: Dependencies,
    environment: Environment<'browserRoleArn' | 'queuePrefix' | 'queueArnPrefix' | 'keyHours'>,
  ) =>
  async (input: unknown): Promise<Keys> => {
    const { session, identity } = inputSchema.parse(input);
    const { browserRoleArn, queuePrefix, queueArnPrefix, keyHours } = environment;
    const token = await openIdToken(cognito, identity.identityId);
    if (token === undefined) throw new SessionConflict();
    const queueName = session ? queueNameOf(session.queueUrl) : newQueueName(queuePrefix, identity.sessionName);
    return issueKeys(sts, {
      roleArn: browserRoleArn,
      sessionName: identity.sessionName,
      token,
      policy: sessionPolicy(queueArnPrefix + queueName),
      duration: Number(keyHours) * 3600,
    });
  };

export const handler = task(
  'issue-keys',
  ['browserRoleArn', 'queuePrefix', 'queueArnPrefix', 'keyHours'],
  ({ environment }) => handle({ cognito: openCognito(), sts: openSts() }, environment),
);
