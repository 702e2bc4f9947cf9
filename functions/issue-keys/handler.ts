import * as z from 'zod/mini';
import { openCognito, openSts, type CognitoIdentityClient, type STSClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { SessionConflict } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import { issueKeys, openIdToken, sessionPolicy } from '../sessions/identities.ts';
import { newQueueName, queueNameOf, roleSessionName } from '../sessions/queues.ts';
import type { Keys } from '../sessions/session-record.ts';

const inputSchema = z.object({
  /** The session that was found; without one, a queue is being made for the identity. */
  session: z.nullable(z.object({ queueUrl: z.string() })),
  identity: z.object({
    identityId: z.string(),
    nameSeed: z.string(),
    /** The identity's proof, if it was made just now with one. */
    token: z.exactOptional(z.string()),
  }),
  /** Epoch seconds at which the session ends, for keys that do not extend it. */
  expires: z.exactOptional(z.number()),
});

interface Dependencies {
  readonly cognito: CognitoIdentityClient;
  readonly sts: STSClient;
  readonly now: () => number;
}

/** The least that AssumeRoleWithWebIdentity takes for DurationSeconds (API reference). */
const minDuration = 900;

/**
 * Issues keys that open the session's one queue. Those of a session that is not extended last at least 15 minutes, and
 * are said to expire when the session does.
 * @throws SessionConflict when the identity no longer exists: the session was destroyed since it was found, or lost its identity
 */
export const handle =
  (
    { cognito, sts, now }: Dependencies,
    environment: Environment<
      | 'identityPoolId'
      | 'developerProvider'
      | 'browserRoleArn'
      | 'sessionNameSecret'
      | 'queuePrefix'
      | 'queueArnPrefix'
      | 'keyHours'
    >,
  ) =>
  async (input: unknown): Promise<Keys> => {
    const { session, identity, expires } = inputSchema.parse(input);
    const { browserRoleArn, sessionNameSecret, queuePrefix, queueArnPrefix, keyHours } = environment;
    const { identityId, nameSeed } = identity;
    const queueName = session ? queueNameOf(session.queueUrl) : newQueueName(queuePrefix, nameSeed);
    const token = identity.token ?? (await openIdToken(cognito, environment, { identityId, user: queueName }));
    if (token === undefined) throw new SessionConflict();
    const maxDuration = Number(keyHours) * 3600;
    const left = expires === undefined ? maxDuration : Math.ceil(expires - now() / 1000);
    const keys = await issueKeys(sts, {
      roleArn: browserRoleArn,
      sessionName: roleSessionName(sessionNameSecret, nameSeed),
      token,
      policy: sessionPolicy(queueArnPrefix + queueName),
      duration: Math.min(maxDuration, Math.max(minDuration, left)),
    });
    return { ...keys, expires: Math.min(keys.expires, expires ?? Infinity) };
  };

export const handler = task(
  'issue-keys',
  [
    'identityPoolId',
    'developerProvider',
    'browserRoleArn',
    'sessionNameSecret',
    'queuePrefix',
    'queueArnPrefix',
    'keyHours',
  ],
  ({ environment, now }) => handle({ cognito: openCognito(), sts: openSts(), now }, environment),
);
