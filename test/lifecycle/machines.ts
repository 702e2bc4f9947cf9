import { randomBytes } from 'node:crypto';
import { handle as deleteIdentity } from '../../functions/delete-identity/handler.ts';
import { handle as deleteQueue } from '../../functions/delete-queue/handler.ts';
import { handle as fillPool } from '../../functions/fill-pool/handler.ts';
import { handle as findSession } from '../../functions/find-session/handler.ts';
import { handle as issueKeys } from '../../functions/issue-keys/handler.ts';
import { handle as makeQueue } from '../../functions/make-queue/handler.ts';
import { handle as recordRenewal } from '../../functions/record-renewal/handler.ts';
import { handle as recordSession } from '../../functions/record-session/handler.ts';
import { handle as removeRecord } from '../../functions/remove-record/handler.ts';
import { handle as setPolicy } from '../../functions/set-policy/handler.ts';
import { handle as startCreate, type StartedCreate } from '../../functions/start-create/handler.ts';
import { Failure } from '../../functions/aws/errors.ts';
import { shards } from '../../functions/sessions/session-record.ts';
import type { Session } from '../../client/shared/session.ts';
import { addUp } from '../../functions/cleanup/sweep-result.ts';
import { handle as sweepIdentities } from '../../functions/sweep-identities/handler.ts';
import { handle as sweepShard } from '../../functions/sweep-shard/handler.ts';
import { handle as undoCreate } from '../../functions/undo-create/handler.ts';
import { FakeMeasures } from '../tools/measures.ts';
import type { SessionHarness } from '../tools/session-harness.ts';

interface Key {
  readonly accountId: number;
  readonly sessionId: string;
}

/** The state machines in short: what their states call, in which order, with their retries but without their waits. */
export const machines = (harness: SessionHarness) => {
  const { dependencies, environment } = harness;
  const randomName = () => randomBytes(16).toString('hex');
  const find = (request: object, state: object, expect: string) =>
    retried(() => findSession(dependencies)({ request, state, expect }));
  const start = startCreate({ ...dependencies, randomName }, environment);

  /** Prepare Session, or Issue Keys To Queue, and Record Session. */
  const record = async ({ request, session, identity, prepared }: StartedCreate): Promise<Session> => {
    const existing = prepared.queueUrl;
    const [keys, { queueUrl }] = await Promise.all([
      retried(() => issueKeys(dependencies, environment)({ session, identity })),
      existing === undefined
        ? retried(() => makeQueue(dependencies, environment)({ request, identity }))
        : { queueUrl: existing },
    ]);
    return retried(() => recordSession(dependencies)({ request, session, identity, keys, queueUrl }));
  };

  /** The states after Start Create. */
  const createOnce = async (state: StartedCreate): Promise<Session> => {
    const { request, session, identity } = state;
    const description = await record(state).catch(async (error: unknown) => {
      const undo = undoCreate(dependencies, environment);
      await retried(() => undo({ request, session, identity })).catch(() => undefined);
      throw error;
    });
    if (session) await retried(() => setPolicy(dependencies, environment)({ request, nameSeed: identity.nameSeed }));
    return description;
  };

  return {
    async create(
      request: Key & { readonly userId?: number; readonly messageRetentionPeriod?: number },
    ): Promise<Session> {
      let before: object = request;
      for (;;) {
        const state = await retried(() => start({ request, state: before }));
        try {
          return await createOnce(state);
        } catch (error) {
          if (nameOf(error) !== 'SessionConflict' || state.attempt >= 3) throw error;
        }
        before = state;
      }
    },

    async renew(request: Key): Promise<Session> {
      let before: object = request;
      for (;;) {
        const state = await find(request, before, 'present');
        const { session } = state;
        const { accountId, sessionId } = request;
        const nameSeed = session?.nameSeed;
        try {
          const [keys] = await Promise.all([
            retried(() => issueKeys(dependencies, environment)({ session, identity: session })),
            retried(() => setPolicy(dependencies, environment)({ request: { accountId, sessionId }, nameSeed })),
          ]);
          return await retried(() => recordRenewal(dependencies)({ session, keys }));
        } catch (error) {
          if (nameOf(error) !== 'SessionConflict' || state.attempt >= 3) throw error;
        }
        before = state;
      }
    },

    async destroy(request: Key): Promise<void> {
      const { session } = await find(request, request, 'present');
      const { queueUrl, identityId } = await retried(() => removeRecord(dependencies)({ session }));
      await Promise.all([
        retried(() => deleteQueue(dependencies)({ queueUrl })),
        retried(() => deleteIdentity(dependencies)({ identityId })).catch(() => undefined),
      ]);
    },

    /** One call of the function that fills the pool; its waits move the clock. */
    async fillPool(execution = 'fill') {
      const tools = {
        ...dependencies,
        pairs: harness.pairs,
        randomName,
        measures: new FakeMeasures(),
        delay: (milliseconds: number) => {
          harness.clock.advance(milliseconds);
          return Promise.resolve();
        },
      };
      return fillPool(tools, environment)({ execution, started: new Date(harness.now()).toISOString() });
    },

    async cleanup() {
      const deadline = 9e15;
      const history = { restored: false, since: 0, settled: true };
      const skipped = { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: false };
      const sweep = (shard: string) =>
        retried(async () => sweepShard(dependencies, environment)({ shard, deadline, ...history })).catch(
          () => skipped,
        );
      const swept = [addUp(await Promise.all(shards.map(sweep)))];
      return retried(async () => sweepIdentities(dependencies, environment)({ swept, deadline, ...history }));
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
