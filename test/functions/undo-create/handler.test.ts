import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/undo-create/handler.ts';
import { newQueueName } from '../../../functions/sessions/queues.ts';
import type { Identity, SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, nextName, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const request = { accountId: 1, sessionId: 'a' };
const undoCreate = (session: SessionRecord | null, identity: Identity, failure = 'UpstreamFailed') =>
  handle(harness.dependencies, harness.environment)({ request, session, identity, failure });
const makeIdentity = async (): Promise<Identity> => ({
  identityId: await harness.addIdentity(),
  nameSeed: nextName(),
  nextNameSeed: nextName(),
});
const makeQueue = ({ nameSeed }: Identity) => harness.addQueue(newQueueName('stack', nameSeed));

/** What there is besides the records. */
const left = async () => ({ identities: await harness.identities(), queues: await harness.queueUrls() });

/** The session is as it was, and nothing else is left. */
const expectOnly = async (session: SessionRecord) => {
  expect(await harness.records()).toEqual([session]);
  expect(await left()).toEqual({ identities: [session.identityId], queues: [session.queueUrl] });
};

describe('after a create that failed', () => {
  test('deletes the new identity and the new queue', async () => {
    const identity = await makeIdentity();
    await makeQueue(identity);
    await undoCreate(null, identity);
    expect(await left()).toEqual({ identities: [], queues: [] });
  });

  test('does without a queue that was not made', async () => {
    await undoCreate(null, await makeIdentity());
    expect(await left()).toEqual({ identities: [], queues: [] });
    expect(harness.count('DeleteQueue')).toBe(0);
  });

  test('does the same when done again', async () => {
    const identity = await makeIdentity();
    await makeQueue(identity);
    await undoCreate(null, identity);
    expect(await undoCreate(null, identity)).toEqual({});
  });

  test('keeps a session that was recorded although its answer was lost', async () => {
    const session = await addSession(harness);
    const { identityId, nameSeed, nextNameSeed = '' } = session;
    await undoCreate(null, { identityId, nameSeed, nextNameSeed });
    await expectOnly(session);
  });

  test('deletes what is its own when another create won', async () => {
    const winner = await addSession(harness);
    const identity = await makeIdentity();
    await makeQueue(identity);
    await undoCreate(null, identity, 'SessionConflict');
    await expectOnly(winner);
  });

  test('fails when another create won and SQS does not know its own queue yet', async () => {
    const winner = await addSession(harness);
    const identity = await makeIdentity();
    await expect(undoCreate(null, identity, 'SessionConflict')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expectOnly(winner);
  });

  test('fails when its queue is found and not known to the server that is to delete it', async () => {
    await addSession(harness);
    const identity = await makeIdentity();
    await makeQueue(identity);
    harness.on('before DeleteQueue', fault('QueueDoesNotExist'));
    await expect(undoCreate(null, identity, 'SessionConflict')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('after a refresh that failed', () => {
  test('deletes nothing: the refresh made nothing', async () => {
    const session = await addSession(harness);
    const { identityId, nextNameSeed: nameSeed = '' } = session;
    const calls = harness.calls.length;
    await undoCreate(session, { identityId, nameSeed, nextNameSeed: nextName() });
    expect(harness.calls).toHaveLength(calls);
    await expectOnly(session);
  });

  test('deletes an identity that was made because the first had vanished, and keeps the queue', async () => {
    const session = await addSession(harness);
    await undoCreate(session, await makeIdentity());
    await expectOnly(session);
  });

  test('keeps an identity that was recorded although its answer was lost', async () => {
    const session = await addSession(harness);
    const identity = await makeIdentity();
    await harness.put({ ...session, ...identity, version: 2 });
    await undoCreate(session, identity);
    expect((await left()).identities).toContain(identity.identityId);
    expect((await left()).queues).toEqual([session.queueUrl]);
  });
});

describe('a step that fails', () => {
  test('keeps the other from nothing', async () => {
    const identity = await makeIdentity();
    await makeQueue(identity);
    harness.on('before DeleteIdentities', fault('AccessDeniedException', 403));
    await expect(undoCreate(null, identity)).rejects.toMatchObject({ name: 'UpstreamFailed' });
    expect(await left()).toEqual({ identities: [identity.identityId], queues: [] });
  });

  test('is made good when it is all done again', async () => {
    const identity = await makeIdentity();
    await makeQueue(identity);
    harness.on('before DeleteQueue', fault('RequestThrottled'));
    await expect(undoCreate(null, identity)).rejects.toMatchObject({ name: 'Throttled' });
    await undoCreate(null, identity);
    expect(await left()).toEqual({ identities: [], queues: [] });
  });

  test('deletes nothing while the record cannot be read', async () => {
    const identity = await makeIdentity();
    await makeQueue(identity);
    harness.on('before GetItem', fault('InternalServerError', 500));
    await expect(undoCreate(null, identity)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect((await left()).queues).toHaveLength(1);
    expect((await left()).identities).toHaveLength(1);
  });

  test.each([
    ['InternalServerError', 'UpstreamUnavailable'],
    ['AccessDenied', 'UpstreamFailed'],
  ] as const)('that Cognito answers with %s is reported as %s', async (code, name) => {
    harness.refuseDeletion(code);
    await expect(undoCreate(null, await makeIdentity())).rejects.toMatchObject({ name });
  });
});
