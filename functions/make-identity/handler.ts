import { randomBytes } from 'node:crypto';
import { readEnvironment, type Environment } from '../aws/environment.ts';
import { makeIdentity, openIdentities, type Identities } from '../sessions/identities.ts';
import type { Identity } from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

interface Dependencies {
  readonly identities: Identities;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
}

/** Makes a guest identity and the secret session name its keys will have. */
export const handle =
  ({ identities, randomName }: Dependencies, { identityPoolId }: Environment<'identityPoolId'>) =>
  async (): Promise<Identity> => ({
    identityId: await makeIdentity(identities, identityPoolId),
    sessionName: randomName(),
  });

export const handler = task('make-identity', () =>
  handle(
    { identities: openIdentities(), randomName: () => randomBytes(16).toString('hex') },
    readEnvironment(['identityPoolId']),
  ),
);
