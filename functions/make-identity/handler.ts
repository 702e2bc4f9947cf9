import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { openCognito, type CognitoIdentityClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { task, type Log } from '../aws/task.ts';
import { makeIdentity } from '../sessions/identities.ts';
import { newQueueName, queueNameOf } from '../sessions/queues.ts';
import { generationOf, pairTableIfAny, takePair, type Pair, type PairTable } from '../sessions/pairs.ts';
import { recordSchema, type Identity } from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.object({ messageRetentionPeriod: z.exactOptional(z.number()) }),
  session: z.nullable(recordSchema),
  identityGone: z.boolean(),
});
type Input = z.output<typeof inputSchema>;

interface Dependencies {
  readonly cognito: CognitoIdentityClient;
  /** Undefined where there is no pool. */
  readonly pairs: PairTable | undefined;
  readonly now: () => number;
  readonly log: Log;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
}

/** An identity, with its token if the call that made it returned one, and with its queue if there is one already. */
export type NewIdentity = Identity & { readonly token?: string; readonly queueUrl?: string };

type Variables = Environment<
  'identityPoolId' | 'developerProvider' | 'queuePrefix' | 'poolGeneration' | 'messageRetention' | 'gracePeriod'
>;

/**
 * Takes the identity and the queue of a new session from the pool. Without a pool, with an empty one, or when the request wants another
 * retention than the queues there have, makes the identity and the seeds of the two session names that its queue will let in. A
 * refreshed session keeps its identity, if that is still there; its next seed comes into use, and another one is made.
 */
export const handle =
  (dependencies: Dependencies, environment: Variables) =>
  async (input: unknown): Promise<NewIdentity> => {
    const { request, session, identityGone } = inputSchema.parse(input);
    const { cognito, randomName } = dependencies;
    if (!session) {
      const pair = await pairFor(request, dependencies, environment);
      if (pair) return pair;
    }
    const names = { nameSeed: session?.nextNameSeed ?? randomName(), nextNameSeed: randomName() };
    const kept = session && { ...names, queueUrl: session.queueUrl };
    if (kept && !identityGone) return { identityId: session.identityId, ...kept };
    const user = session ? queueNameOf(session.queueUrl) : newQueueName(environment.queuePrefix, names.nameSeed);
    return { ...(await makeIdentity(cognito, environment, user)), ...(kept ?? names) };
  };

/** A pair of the pool; undefined where the session needs what is made for it. */
const pairFor = async (
  { messageRetentionPeriod: asked }: Input['request'],
  { pairs, now, log, randomName: randomPosition }: Dependencies,
  { poolGeneration, messageRetention, gracePeriod }: Variables,
): Promise<Pair | undefined> => {
  if (!pairs || (asked !== undefined && asked !== Number(messageRetention))) return undefined;
  const taking = { now: now(), gracePeriod: Number(gracePeriod), randomPosition };
  const pair = await takePair(pairs, generationOf(poolGeneration), taking);
  if (!pair) log.warn('POOL_EMPTY');
  return pair;
};

export const handler = task(
  'make-identity',
  [
    'pairTableName',
    'identityPoolId',
    'developerProvider',
    'queuePrefix',
    'poolGeneration',
    'messageRetention',
    'gracePeriod',
  ],
  ({ environment, now, log }) =>
    handle(
      {
        ...{ cognito: openCognito(), pairs: pairTableIfAny(environment.pairTableName), now, log },
        randomName: () => randomBytes(16).toString('hex'),
      },
      environment,
    ),
);
