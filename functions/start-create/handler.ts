import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { openCognito, type CognitoIdentityClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { task, type Log } from '../aws/task.ts';
import { findSession, type FoundSession } from '../sessions/find-session.ts';
import { makeIdentity } from '../sessions/identities.ts';
import { newQueueName, queueNameOf } from '../sessions/queues.ts';
import { generationOf, pairTableIfAny, takePair, type Pair, type PairTable } from '../sessions/pairs.ts';
import { openSessionTable, type Identity, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({ request: z.unknown(), state: z.unknown() });

interface Dependencies {
  readonly table: SessionTable;
  readonly cognito: CognitoIdentityClient;
  /** Undefined where there is no pool. */
  readonly pairs: PairTable | undefined;
  readonly now: () => number;
  readonly log: Log;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
}

/** An identity, with its token if the call that made it returned one. */
type NewIdentity = Identity & { readonly token?: string };

/** The identity of a session, and the URL of its queue if there is one already. */
interface Prepared {
  readonly identity: NewIdentity;
  readonly queueUrl?: string;
}

type Variables = Environment<
  'identityPoolId' | 'developerProvider' | 'queuePrefix' | 'poolGeneration' | 'messageRetention' | 'gracePeriod'
>;

/** A create under way: the session that was found, or none, its identity, and its queue if there is one already. */
export interface StartedCreate extends FoundSession {
  readonly identity: NewIdentity;
  readonly prepared: { readonly queueUrl?: string };
}

/**
 * Checks the request, finds its session, and gives it an identity. It is one function, because both steps are short and the second waits
 * for the first.
 * @throws InvalidRequest, Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const handle =
  (dependencies: Dependencies, environment: Variables) =>
  async (input: unknown): Promise<StartedCreate> => {
    const found = await findSession(dependencies.table, inputSchema.parse(input), ['MessageRetentionPeriod']);
    const { identity, ...prepared } = await prepare(found, dependencies, environment);
    return { ...found, identity, prepared };
  };

/**
 * Takes the identity and the queue of a new session from the pool. Without a pool, with an empty one, or when the request wants another
 * retention than the queues there have, makes the identity and the seeds of the two session names that its queue will let in. A
 * refreshed session keeps its identity, if that is still there; its next seed comes into use, and another one is made.
 */
const prepare = async (
  { request, session, identityGone }: FoundSession,
  dependencies: Dependencies,
  environment: Variables,
): Promise<Prepared> => {
  const { cognito, randomName } = dependencies;
  if (!session) {
    const pair = await pairFor(request, dependencies, environment);
    if (pair) {
      const { queueUrl, ...identity } = pair;
      return { identity, queueUrl };
    }
  }
  const seeds = { nameSeed: session?.nextNameSeed ?? randomName(), nextNameSeed: randomName() };
  const kept = session && { queueUrl: session.queueUrl };
  if (kept && !identityGone) return { identity: { identityId: session.identityId, ...seeds }, ...kept };
  const user = kept ? queueNameOf(kept.queueUrl) : newQueueName(environment.queuePrefix, seeds.nameSeed);
  return { identity: { ...(await makeIdentity(cognito, environment, user)), ...seeds }, ...kept };
};

/** A pair of the pool; undefined where the session needs what is made for it. */
const pairFor = async (
  { messageRetentionPeriod: asked }: FoundSession['request'],
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
  'start-create',
  [
    'sessionTableName',
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
        ...{ table: openSessionTable(environment.sessionTableName), pairs: pairTableIfAny(environment.pairTableName) },
        ...{ cognito: openCognito(), now, log },
        randomName: () => randomBytes(16).toString('hex'),
      },
      environment,
    ),
);
