import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { openCognito } from '../aws/clients.ts';
import { randomBytes } from 'node:crypto';
import type { Environment } from '../aws/environment.ts';
import { makeIdentity } from '../sessions/identities.ts';
import type { Identity } from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

interface Dependencies {
  readonly cognito: CognitoIdentityClient;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
}

/** Makes a guest identity and the secret session name its keys will have. */
export const handle =
  ({ cognito, randomName }: Dependencies, { identityPoolId }: Environment<'identityPoolId'>) =>
  async (): Promise<Identity> => ({
    identityId: await makeIdentity(cognito, identityPoolId),
    sessionName: randomName(),
  });

export const handler = task('make-identity', ['identityPoolId'], ({ environment }) =>
  handle({ cognito: openCognito(), randomName: () => randomBytes(16).toString('hex') }, environment),
);
