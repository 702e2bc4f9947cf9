import { randomBytes } from 'node:crypto';
import { handle as deleteIdentity } from '../../../functions/delete-identity/handler.ts';
import { handle as deleteQueue } from '../../../functions/delete-queue/handler.ts';
import { handle as findSession, type FoundSession } from '../../../functions/find-session/handler.ts';
import { handle as issueKeys } from '../../../functions/issue-keys/handler.ts';
import { handle as makeIdentity } from '../../../functions/make-identity/handler.ts';
import { handle as makeQueue } from '../../../functions/make-queue/handler.ts';
import { handle as recordKeys } from '../../../functions/record-keys/handler.ts';
import { handle as recordSession } from '../../../functions/record-session/handler.ts';
import { handle as removeRecord } from '../../../functions/remove-record/handler.ts';
import { handle as setPolicy } from '../../../functions/set-policy/handler.ts';
import { Failure } from '../../../functions/aws/errors.ts';
import { shards } from '../../../functions/sessions/queue-names.ts';
import type { Description } from '../../../functions/sessions/session-record.ts';
import { addUp } from '../../../functions/cleanup/sweep-result.ts';
import { handle as sweepIdentities } from '../../../functions/sweep-identities/handler.ts';
import { handle as sweepShard } from '../../../functions/sweep-shard/handler.ts';
import { handle as undoCreate } from '../../../functions/undo-create/handler.ts';
import type { World } from '../../fakes/session-world.ts';

interface Key {
  readonly accountId: number;
  readonly sessionId: string;
}

type CreateState = Omit<FoundSession, 'description'> & {
  description: Description | null;
  identity?: Awaited<ReturnType<ReturnType<typeof makeIdentity>>>;
  prepared?: object;
  failure?: { Error: string };
};

/** The state machines in short: what their states call, in which order, with their retries but without their waits. */
export const machines = (world: World) => {
  const { dependencies, environment } = world;
  const randomName = () => randomBytes(16).toString('hex');
  const find = (request: object, state: object, expect: string) =>
    retried(() => findSession(dependencies)({ request, state, expect }));

  /** The states from Make Identity to Set Policy. */
  const prepare = async (state: CreateState): Promise<Description> => {
    const { request, session } = state;
    const identity = await retried(() => makeIdentity({ ...dependencies, randomName }, environment)());
    state.identity = identity;
    const [keys, { queueUrl }] = await Promise.all([
      retried(() => issueKeys(dependencies, environment)({ session, identity })),
      session ?? retried(() => makeQueue(dependencies, environment)({ request, identity })),
    ]);
    state.prepared = { keys, queueUrl };
    const given = { request, session, identity, keys, queueUrl };
    return retried(() => recordSession(dependencies)(given));
  };

  return {
    async create(request: Key & { readonly userId?: number }): Promise<Description> {
      let before: object = request;
      for (;;) {
        const state: CreateState = await find(request, before, 'any');
        try {
          state.description = await prepare(state);
          if (!state.session) return state.description;
          await retried(() => setPolicy(dependencies, environment)({ request: state.request }));
        } catch (error) {
          state.failure = { Error: nameOf(error) };
        }
        try {
          await retried(() => undoCreate(dependencies, environment)({ state }));
        } catch (error) {
          if (nameOf(error) === 'SessionConflict') state.failure = { Error: 'SessionConflict' };
        }
        if (!state.failure && state.description) return state.description;
        if (state.failure?.Error !== 'SessionConflict' || state.attempt >= 3) {
          throw Object.assign(new Error('Err: Session Not Created'), { name: state.failure?.Error });
        }
        before = state;
      }
    },

    async renew(request: Key): Promise<Description> {
      let before: object = request;
      for (;;) {
        const state = await find(request, before, 'present');
        const { session } = state;
        const { accountId, sessionId } = request;
        try {
          const keys = await retried(() => issueKeys(dependencies, environment)({ session, identity: session }));
          await retried(() => setPolicy(dependencies, environment)({ request: { accountId, sessionId } }));
          return await retried(() => recordKeys(dependencies)({ session, keys }));
        } catch (error) {
          if (nameOf(error) !== 'SessionConflict' || state.attempt >= 3) throw error;
        }
        before = state;
      }
    },

    async destroy(request: Key): Promise<void> {
      const { session } = await find(request, request, 'present');
      const { queueUrl, identityId } = await retried(() => removeRecord(dependencies)({ session }));
      await retried(() => deleteQueue(dependencies)({ queueUrl }));
      await retried(() => deleteIdentity(dependencies)({ identityId })).catch(() => undefined);
    },

    async cleanup() {
      const deadline = 9e15;
      const skipped = { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: false };
      const sweep = (shard: string) =>
        retried(async () => sweepShard(dependencies, environment)({ shard, deadline })).catch(() => skipped);
      const swept = [addUp(await Promise.all(shards.map(sweep)))];
      return retried(async () => sweepIdentities(dependencies, environment)({ swept, deadline }));
    },
  };
};

const nameOf = (error: unknown): string => (error instanceof Failure ? error.name : 'UpstreamFailed');

/** As the machines' Retry: failures that may pass, three times. */
const retried = async <T>(call: () => Promise<T>): Promise<T> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 3 || !['Throttled', 'UpstreamUnavailable'].includes(nameOf(error))) throw error;
    }
  }
};
