import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { queueNameOf } from '../../functions/sessions/queues.ts';
import { readFree } from '../../functions/sessions/pairs.ts';
import { startSessionHarness, type SessionHarness } from '../tools/session-harness.ts';
import { machines } from './machines.ts';

const gracePeriod = 600_000;

let harness: SessionHarness;
let run: ReturnType<typeof machines>;

const start = async (options: Parameters<typeof startSessionHarness>[0]): Promise<void> => {
  harness = await startSessionHarness(options);
  run = machines(harness);
};

const create = (sessionId: number | string) => run.create({ accountId: 1, sessionId: String(sessionId) });

/** Creates so many sessions at once. */
const createMany = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => create(index)));

/** Calls the function until the pool is as large as it should be. */
const fill = async (): Promise<void> => {
  for (let round = 0; round < 100; round += 1) if (!(await run.fillPool()).again) return;
  throw new Error('The pool is not filled');
};

/** What exists besides what sessions have. */
const orphans = async () => {
  const records = await harness.records();
  const queues = (await harness.queueUrls()).map(queueNameOf);
  return {
    queues: queues.filter((name) => !records.some(({ queueUrl }) => queueNameOf(queueUrl) === name)).length,
    identities: (await harness.identities()).filter((id) => !records.some(({ identityId }) => identityId === id))
      .length,
  };
};

const freePairs = async (): Promise<number> => (await readFree(harness.pairs)).length;

/** A later cleanup, when everything that exists now is older than the grace period and no key has expired. */
const cleanUpLater = async () => {
  harness.clock.advance(gracePeriod + 60_000);
  return run.cleanup();
};

afterEach(() => harness.stop());

describe('a pool of fifty pairs', () => {
  beforeEach(async () => {
    await start({ poolSize: 50 });
    await fill();
  });

  test('gives each of fifty creates at once a pair of its own, and they make nothing', async () => {
    const before = [harness.count('CreateQueue'), harness.count('GetId')];
    const sessions = await createMany(50);
    expect([harness.count('CreateQueue'), harness.count('GetId')]).toEqual(before);
    expect(new Set(sessions.map(({ sqsUrl }) => sqsUrl)).size).toBe(50);
    expect(new Set(sessions.map(({ identityId }) => identityId)).size).toBe(50);
    expect(await freePairs()).toBe(0);
    expect(await orphans()).toEqual({ queues: 0, identities: 0 });
  });

  test('makes what is missing when it is empty, and is full again after the next fill', async () => {
    await createMany(60);
    expect([harness.count('CreateQueue'), harness.count('GetId')]).toEqual([60, 60]);
    expect(await run.fillPool()).toMatchObject({ free: 0, made: 50 });
    expect(await freePairs()).toBe(50);
  });

  test('gives no pair to a create that wants another retention', async () => {
    await run.create({ accountId: 1, sessionId: 'long', messageRetentionPeriod: 7200 });
    await run.create({ accountId: 1, sessionId: 'same', messageRetentionPeriod: 3600 });
    expect(await freePairs()).toBe(49);
  });

  test('keeps its pairs through cleanups, however old they are', async () => {
    expect(await cleanUpLater()).toMatchObject({ queuesRemoved: 0, identitiesRemoved: 0, complete: true });
    expect(await cleanUpLater()).toMatchObject({ queuesRemoved: 0, identitiesRemoved: 0, complete: true });
    expect([await freePairs(), (await harness.queueUrls()).length]).toEqual([50, 50]);
    const created = await createMany(50);
    expect(created).toHaveLength(50);
    expect([harness.count('CreateQueue'), harness.count('GetId')]).toEqual([50, 50]);
  });

  test('a pair that was taken and never recorded is not given again, and goes after the grace period', async () => {
    harness.on('after UpdateItem', () => Promise.reject(new Error('the function is killed')));
    await create('a').catch(() => undefined);
    const [free, recorded] = [await freePairs(), (await harness.records()).length];
    const lost = 50 - free - recorded;
    expect(lost).toBeGreaterThan(0);
    await createMany(10);
    expect((await orphans()).queues - (await freePairs())).toBe(lost);
    expect(await run.cleanup()).toMatchObject({ queuesRemoved: 0, identitiesRemoved: 0 });
    expect(await cleanUpLater()).toMatchObject({ queuesRemoved: lost, identitiesRemoved: lost, complete: true });
    expect((await orphans()).queues).toBe(await freePairs());
  });

  test('a cleanup between take and record leaves the pair alone, though its queue is old', async () => {
    harness.clock.advance(24 * 3600_000);
    harness.on('before AssumeRoleWithWebIdentity', () => run.cleanup());
    const { sqsUrl, identityId } = await create('a');
    expect(await harness.queueUrls()).toContain(sqsUrl);
    expect(await harness.identities()).toContain(identityId);
  });

  test('a create that loses against another of the same session undoes its pair', async () => {
    await Promise.all([create('same'), create('same')]);
    expect(await harness.records()).toHaveLength(1);
    const free = await freePairs();
    expect(await orphans()).toEqual({ queues: free, identities: free });
  });

  test('a smaller size drains what is too much', async () => {
    harness.environment.poolSize = '20';
    expect(await run.fillPool()).toMatchObject({ free: 50, made: 0, removed: 30 });
    expect([await freePairs(), await orphans()]).toEqual([20, { queues: 20, identities: 20 }]);
  });

  test('no pool leaves nothing behind: the cleanup removes pairs that nothing knows any more', async () => {
    const { sqsUrl } = await create('a');
    // The table goes with the setting.
    harness.dependencies.pairs = undefined;
    expect(await cleanUpLater()).toMatchObject({ queuesRemoved: 49, identitiesRemoved: 49, complete: true });
    expect(await harness.queueUrls()).toEqual([sqsUrl]);
  });
});
