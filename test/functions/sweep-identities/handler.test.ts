import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { handle } from '../../../functions/sweep-identities/handler.ts';
import { addSession, fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

const idsSchema = z.array(z.string());

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const nothing = { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: true };
const sweep = ({
  swept = [],
  deadline = 9e15,
  environment = {},
  history = {},
}: { swept?: object[]; deadline?: number; environment?: object; history?: object } = {}) =>
  handle(harness.dependencies, { ...harness.environment, ...environment })({
    swept,
    deadline,
    restored: false,
    settled: true,
    ...history,
  });

/** An identity 601 s old, a second longer than the grace period. */
const addOld = () => harness.addIdentity(601);
const left = () => harness.identities();

describe('the sweep of the identities', () => {
  test('adds up what the shards’ sweeps removed', async () => {
    const swept = [
      { sessionsRemoved: 1, queuesRemoved: 2, identitiesRemoved: 3, complete: true },
      { sessionsRemoved: 10, queuesRemoved: 20, identitiesRemoved: 30, complete: true },
    ];
    const sum = { sessionsRemoved: 11, queuesRemoved: 22, identitiesRemoved: 33, complete: true };
    expect(await sweep({ swept })).toEqual(sum);
    expect(await sweep({ swept: [...swept, { ...nothing, complete: false }] })).toEqual({ ...sum, complete: false });
  });

  test('removes old identities that no session has', async () => {
    const session = await addSession(harness, { identityId: await addOld() });
    await addOld();
    const young = await harness.addIdentity();
    expect(await sweep({ swept: [{ ...nothing, identitiesRemoved: 5 }] })).toEqual({
      ...nothing,
      identitiesRemoved: 6,
    });
    expect(await left()).toContain(session.identityId);
    expect(await left()).toContain(young);
  });

  test('removes nothing from a pool that others use', async () => {
    await addOld();
    expect(await sweep({ environment: { identityPoolOwned: 'false' } })).toEqual(nothing);
    expect([(await left()).length, harness.calls]).toEqual([1, []]);
  });

  test('finds them on every page, and deletes sixty in a call', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        addSession(harness, { sessionId: `s${n}`, identityId: await addOld() }),
      ),
    );
    const young = (await left()).filter((id) => sessions.every(({ identityId }) => identityId !== id));
    for (let n = 0; n < 130; n += 1) await addOld();
    expect(await sweep()).toEqual({ ...nothing, identitiesRemoved: 130 });
    expect((await left()).sort()).toEqual([...sessions.map(({ identityId }) => identityId), ...young].sort());
    expect([harness.count('ListIdentities'), harness.count('DeleteIdentities')]).toEqual([6, 3]);
  });

  test('keeps an identity whose session the index shows only the second time', async () => {
    const identityId = await addOld();
    harness.on('before Query', () => undefined, 16);
    harness.on('before Query', async () => {
      await addSession(harness, { identityId });
    });
    expect(await sweep()).toEqual(nothing);
    expect(await left()).toContain(identityId);
  });

  test('reads no index when all identities are young', async () => {
    await harness.addIdentity();
    await sweep();
    expect(harness.count('Query')).toBe(0);
  });
});

describe('identities Cognito does not get to', () => {
  test('are resent, with a pause', async () => {
    for (let n = 0; n < 3; n += 1) await addOld();
    harness.refuseDeletion('InternalServerError', 2);
    expect(await sweep()).toEqual({ ...nothing, identitiesRemoved: 3 });
    expect(harness.pauses).toEqual([100, 200]);
    const sent = harness.calls.filter(({ action }) => action === 'DeleteIdentities');
    expect(sent.map(({ parameters }) => idsSchema.parse(parameters['IdentityIdsToDelete']).length)).toEqual([3, 1, 1]);
  });

  test('are left after five times', async () => {
    await addOld();
    harness.refuseDeletion('InternalServerError');
    expect(await sweep()).toEqual({ ...nothing, complete: false });
    expect(harness.count('DeleteIdentities')).toBe(5);
  });

  test('are left at once when they may not be deleted', async () => {
    await addOld();
    harness.refuseDeletion('AccessDenied');
    expect(await sweep()).toEqual({ ...nothing, complete: false });
    expect(harness.count('DeleteIdentities')).toBe(1);
    expect(harness.log.lines).toContainEqual({
      level: 'warn',
      code: 'IDENTITIES_UNPROCESSED',
      fields: { denied: 1, left: 0 },
    });
  });
});

describe('a sweep that meets failures', () => {
  test('waits out throttling', async () => {
    await addOld();
    harness.on('before ListIdentities', fault('TooManyRequestsException'), 2);
    harness.on('before DeleteIdentities', fault('TooManyRequestsException'), 4);
    expect(await sweep()).toEqual({ ...nothing, identitiesRemoved: 1 });
    expect(harness.pauses).toEqual([100, 200, 100, 200, 400, 800]);
  });

  test('fails when the identities cannot be listed', async () => {
    harness.on('before ListIdentities', fault('TooManyRequestsException'), 5);
    await expect(sweep()).rejects.toMatchObject({ name: 'Throttled' });
    harness.on('before ListIdentities', fault('NotAuthorizedException', 403));
    await expect(sweep()).rejects.toMatchObject({ name: 'UpstreamFailed' });
  });

  test('goes on with the next sixty when some cannot be deleted', async () => {
    for (let n = 0; n < 61; n += 1) await addOld();
    harness.on('before DeleteIdentities', fault('InvalidParameterException'));
    expect(await sweep()).toEqual({ ...nothing, identitiesRemoved: 1, complete: false });
    expect(harness.log.lines).toContainEqual({
      level: 'warn',
      code: 'IDENTITIES_NOT_DELETED',
      fields: { failure: 'UpstreamFailed' },
    });
  });
});

describe('a sweep that is short of time', () => {
  test('begins nothing after its deadline', async () => {
    await addOld();
    expect(await sweep({ deadline: harness.now() })).toEqual({ ...nothing, complete: false });
    expect(harness.calls).toEqual([]);
  });

  test.each(['ListIdentities', 'Query'])('removes nothing that it did not confirm when %s is slow', async (action) => {
    for (let n = 0; n < 61; n += 1) await addOld();
    harness.on(`before ${action}`, () => {
      harness.clock.advance(2000);
    });
    expect(await sweep({ deadline: harness.now() + 1000 })).toEqual({ ...nothing, complete: false });
    expect(await left()).toHaveLength(61);
  });

  test('deletes as many as there is time for', async () => {
    for (let n = 0; n < 61; n += 1) await addOld();
    harness.on('before DeleteIdentities', () => {
      harness.clock.advance(2000);
    });
    const deadline = harness.now() + 1000;
    expect(await sweep({ deadline })).toEqual({ ...nothing, identitiesRemoved: 60, complete: false });
  });
});

describe('a pool that is too large for one sweep', () => {
  /** Listing takes 100 ms a page. */
  const listSlowly = () => {
    harness.on(
      'before ListIdentities',
      () => {
        harness.clock.advance(100);
      },
      1000,
    );
  };

  test('is swept by several, each of which deletes what it has confirmed and goes on where the last one stopped', async () => {
    for (let n = 0; n < 60 * 12; n += 1) await addOld();
    listSlowly();
    const first = await sweep({ deadline: harness.now() + 350 });
    expect(first.complete).toBe(false);
    expect(first.identitiesRemoved).toBeGreaterThan(0);
    expect(await left()).toHaveLength(60 * 12 - first.identitiesRemoved);
    for (let round = 0; round < 20 && (await left()).length > 0; round += 1)
      await sweep({ deadline: harness.now() + 350 });
    expect(await left()).toEqual([]);
  });

  test('is begun again when Cognito no longer takes the token', async () => {
    for (let n = 0; n < 60 * 4; n += 1) await harness.addIdentity();
    listSlowly();
    await sweep({ deadline: harness.now() + 150 });
    await addOld();
    harness.on('before ListIdentities', fault('InvalidParameterException'));
    expect(await sweep()).toEqual({ ...nothing, identitiesRemoved: 1 });
  });

  test('loses nothing while a restored table may not know of its sessions', async () => {
    await addOld();
    expect(await sweep({ history: { restored: true, settled: false } })).toEqual(nothing);
    expect(await left()).toHaveLength(1);
  });
});
