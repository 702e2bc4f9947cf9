import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/undo-create/handler.ts';
import { newQueueName } from '../../../functions/sessions/queue-names.ts';
import { removeRecord } from '../../../functions/sessions/session-table.ts';
import type { Identity, SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, nextName, startWorld, subject, type World } from '../../fakes/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const request = { accountId: 1, sessionId: 'a' };
const keys = { accessKey: 'ASIANEW', secretKey: 's', sessionToken: 't', expires: 2_000_000_000 };
const undoCreate = (state: object) =>
  handle(world.dependencies, world.environment)({ state: { request, description: null, ...state } });
const makeIdentity = (): Identity => ({ identityId: world.identities.add(), sessionName: nextName() });
const failed = (Error: string) => ({ failure: { Error, Cause: '{}' } });

/** Who is left, besides the records. */
const left = () => ({
  identities: [...world.identities.identities.keys()],
  queues: [...world.queues.queues.values()].map(({ url }) => url),
});

const makeQueue = ({ identityId, sessionName }: Identity): string => {
  const policy = JSON.stringify({ 'aws:userid': `AROAEXAMPLE:${sessionName}`, ...subject(identityId) });
  return world.queues.add(newQueueName('stack', sessionName), { Policy: policy }).url;
};

/** A refresh that got as far as its record, and by then had changed the policy or not. */
const refreshed = async ({ policy = true } = {}) => {
  const session = await addSession(world);
  const identity = makeIdentity();
  const record = await world.put({ ...session, ...identity, ...keys, version: 2 });
  if (policy)
    world.queues.add(newQueueName('stack', session.sessionName), queueOf(session).attributes).attributes = {
      Policy: policyOf(record),
    };
  return { session, identity, record, prepared: { keys, queueUrl: session.queueUrl } };
};

const queueOf = (session: SessionRecord) => {
  const queue = [...world.queues.queues.values()].find(({ url }) => url === session.queueUrl);
  if (!queue) throw new Error('The session has no queue');
  return queue;
};
const policyOf = ({ identityId, sessionName }: Identity) =>
  JSON.stringify({ 'aws:userid': `AROAEXAMPLE:${sessionName}`, ...subject(identityId) });

/** The session is as it was found, and nothing else is left. */
const expectRestored = async (session: SessionRecord) => {
  expect(await world.records()).toEqual([session]);
  expect(left()).toEqual({ identities: [session.identityId], queues: [session.queueUrl] });
  expect(world.queues.opensTo(session.queueUrl)).toBe(session.sessionName);
};

describe('after a refresh', () => {
  test('deletes the identity that was replaced', async () => {
    const { session, identity, record, prepared } = await refreshed();
    expect(await undoCreate({ session, identity, prepared, description: identity })).toEqual({});
    expect(await world.records()).toEqual([record]);
    expect(left()).toEqual({ identities: [identity.identityId], queues: [session.queueUrl] });
    expect(world.queues.opensTo(session.queueUrl)).toBe(identity.sessionName);
  });

  test('does the same when done again', async () => {
    const { session, identity, prepared } = await refreshed();
    await undoCreate({ session, identity, prepared, description: identity });
    await undoCreate({ session, identity, prepared, description: identity });
    expect(left().identities).toEqual([identity.identityId]);
  });

  test('reports a conflict when a later refresh has come, and deletes both identities', async () => {
    const { session, identity, record, prepared } = await refreshed();
    const later = makeIdentity();
    await world.put({ ...record, ...later, version: 3 });
    const tidied = undoCreate({ session, identity, prepared, description: identity });
    await expect(tidied).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(left().identities).toEqual([later.identityId]);
  });

  test('reports a conflict when the session was destroyed, and deletes everything', async () => {
    const { session, identity, record, prepared } = await refreshed();
    await removeRecord(world.dependencies.table, record);
    const tidied = undoCreate({ session, identity, prepared, description: identity });
    await expect(tidied).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(left()).toEqual({ identities: [], queues: [] });
  });
});

describe('after a create that failed', () => {
  test('has nothing to do when not even an identity was made', async () => {
    const session = await addSession(world);
    await undoCreate({ session, ...failed('Throttled') });
    expect(world.server.calls.filter(({ action }) => action !== 'PutItem')).toEqual([]);
  });

  test('deletes the new identity and the new queue', async () => {
    const identity = makeIdentity();
    makeQueue(identity);
    await undoCreate({ session: null, identity, ...failed('UpstreamFailed') });
    expect(left()).toEqual({ identities: [], queues: [] });
  });

  test('does without a queue that was not made', async () => {
    await undoCreate({ session: null, identity: makeIdentity(), ...failed('UpstreamFailed') });
    expect(left()).toEqual({ identities: [], queues: [] });
    expect(world.count('DeleteQueue')).toBe(0);
  });

  test('keeps a session that was recorded although its answer was lost', async () => {
    const session = await addSession(world);
    const prepared = { keys: session, queueUrl: session.queueUrl };
    await undoCreate({ session: null, identity: session, prepared, ...failed('UpstreamUnavailable') });
    await expectRestored(session);
  });

  test('deletes what is its own when another create won', async () => {
    const winner = await addSession(world);
    const identity = makeIdentity();
    const queueUrl = makeQueue(identity);
    await undoCreate({ session: null, identity, prepared: { keys, queueUrl }, ...failed('SessionConflict') });
    await expectRestored(winner);
  });

  test('keeps its queue when another create has taken it over', async () => {
    const identity = makeIdentity();
    const queueUrl = makeQueue(identity);
    const other = makeIdentity();
    await addSession(world, { ...other, queueUrl });
    await undoCreate({ session: null, identity, prepared: { keys, queueUrl }, ...failed('SessionConflict') });
    expect(left().identities).not.toContain(identity.identityId);
    expect(left().queues).toContain(queueUrl);
  });
});

describe('after a refresh that failed', () => {
  test.each(['Throttled', 'States.Timeout'])('keeps the session when the keys were not issued: %s', async (error) => {
    const session = await addSession(world);
    await undoCreate({ session, identity: makeIdentity(), ...failed(error) });
    await expectRestored(session);
    expect(world.count('SetQueueAttributes')).toBe(0);
  });

  test.each(['UpstreamFailed', 'UpstreamUnavailable', 'States.Timeout', 'SessionConflict'])(
    'puts the session back when its policy was not set: %s',
    async (error) => {
      const { session, identity, prepared } = await refreshed();
      await undoCreate({ session, identity, prepared, description: identity, ...failed(error) });
      await expectRestored(session);
    },
  );

  test('puts the session back when recording it answered nothing', async () => {
    const { session, identity, prepared } = await refreshed({ policy: false });
    await undoCreate({ session, identity, prepared, description: session, ...failed('States.Timeout') });
    await expectRestored(session);
  });

  test('does no more than delete its identity when it lost a race', async () => {
    const session = await addSession(world);
    const winner = await world.put({ ...session, accessKey: 'ASIARENEWED' });
    const prepared = { keys, queueUrl: session.queueUrl };
    const state = { session, identity: makeIdentity(), prepared, description: session };
    await undoCreate({ ...state, ...failed('SessionConflict') });
    await expectRestored(winner);
    expect(world.count('SetQueueAttributes')).toBe(0);
  });

  test('leaves a session that was renewed since, and lets its keys in', async () => {
    const { session, identity, record, prepared } = await refreshed({ policy: false });
    const renewed = await world.put({ ...record, accessKey: 'ASIARENEWED' });
    await undoCreate({ session, identity, prepared, description: identity, ...failed('UpstreamFailed') });
    await expectRestored(renewed);
  });

  test('leaves a later refresh and its policy', async () => {
    const { session, identity, record, prepared } = await refreshed();
    const later = await world.put({ ...record, ...makeIdentity(), version: 3 });
    await undoCreate({ session, identity, prepared, description: identity, ...failed('UpstreamFailed') });
    await expectRestored(later);
  });

  test('leaves a session without a queue to Set Policy', async () => {
    const { session, identity, prepared } = await refreshed();
    world.queues.queues.clear();
    await undoCreate({ session, identity, prepared, description: identity, ...failed('UpstreamFailed') });
    expect(await world.records()).toEqual([session]);
  });

  test('deletes everything when the session was destroyed meanwhile', async () => {
    const { session, identity, record, prepared } = await refreshed();
    await removeRecord(world.dependencies.table, record);
    await undoCreate({ session, identity, prepared, description: identity, ...failed('SessionConflict') });
    expect(await world.records()).toEqual([]);
    expect(left()).toEqual({ identities: [], queues: [] });
  });
});

describe('a step that fails', () => {
  test('keeps the others from nothing', async () => {
    const identity = makeIdentity();
    makeQueue(identity);
    world.on('before DeleteIdentities', fault('AccessDeniedException', 403));
    const tidied = undoCreate({ session: null, identity, ...failed('UpstreamFailed') });
    await expect(tidied).rejects.toMatchObject({ name: 'UpstreamFailed' });
    expect(left()).toEqual({ identities: [identity.identityId], queues: [] });
  });

  test('is made good when it is all done again', async () => {
    const { session, identity, prepared } = await refreshed();
    world.on('before SetQueueAttributes', fault('RequestThrottled'));
    world.on('before DeleteIdentities', fault('InternalErrorException', 500));
    const state = { session, identity, prepared, description: identity, ...failed('UpstreamFailed') };
    await expect(undoCreate(state)).rejects.toMatchObject({ name: 'Throttled' });
    await undoCreate(state);
    await expectRestored(session);
  });

  test('deletes no identity that may yet be put back', async () => {
    const { session, identity, record, prepared } = await refreshed();
    world.on('before PutItem', fault('InternalServerError', 500));
    const state = { session, identity, prepared, description: identity, ...failed('UpstreamFailed') };
    await expect(undoCreate(state)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(left().identities).toEqual([session.identityId, identity.identityId]);
    expect(world.queues.opensTo(session.queueUrl)).toBe(record.sessionName);
    await undoCreate(state);
    await expectRestored(session);
  });

  test.each([
    ['InternalServerError', 'UpstreamUnavailable'],
    ['AccessDenied', 'UpstreamFailed'],
  ] as const)('tells an identity left for %s as %s', async (code, name) => {
    world.identities.unprocessed = () => code;
    await expect(undoCreate({ session: null, identity: makeIdentity() })).rejects.toMatchObject({ name });
  });
});
