import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { openCognito, type CognitoIdentityClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { task } from '../aws/task.ts';
import { makeIdentity } from '../sessions/identities.ts';
import { newQueueName, queueNameOf } from '../sessions/names.ts';
import { recordSchema, type Identity } from '../sessions/session-record.ts';

const inputSchema = z.object({ session: z.nullable(recordSchema), identityGone: z.boolean() });

interface Dependencies {
  readonly cognito: CognitoIdentityClient;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
}

/** An identity; with a token when one came with it. */
export type NewIdentity = Identity & { readonly token?: string };

/**
 * Makes the identity of a new session and the seeds of the two session names that its queue will let in. A refreshed session
 * keeps its identity, if that is still there; its next seed comes into use, and another one is made.
 */
export const handle =
  (
    { cognito, randomName }: Dependencies,
    environment: Environment<'identityPoolId' | 'developerProvider' | 'queuePrefix'>,
  ) =>
  async (input: unknown): Promise<NewIdentity> => {
    const { session, identityGone } = inputSchema.parse(input);
    const names = { nameSeed: session?.nextNameSeed ?? randomName(), nextNameSeed: randomName() };
    if (session && !identityGone) return { identityId: session.identityId, ...names };
    const user = session ? queueNameOf(session.queueUrl) : newQueueName(environment.queuePrefix, names.nameSeed);
    return { ...(await makeIdentity(cognito, environment, user)), ...names };
  };

export const handler = task(
  'make-identity',
  ['identityPoolId', 'developerProvider', 'queuePrefix'],
  ({ environment }) =>
    handle({ cognito: openCognito(), randomName: () => randomBytes(16).toString('hex') }, environment),
);
