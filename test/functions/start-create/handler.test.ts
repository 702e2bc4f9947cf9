import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle, handler } from '../../../functions/start-create/handler.ts';
import { newQueueName } from '../../../functions/sessions/queues.ts';
import { addSession, fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeAll(async () => {
  harness = await startSessionHarness();
});

afterAll(() => harness.stop());

/** A create of a session of this name; `state` is what an earlier attempt found. */
const start = (sessionId = 'new', { state = {}, environment = {} } = {}) => {
  let names = 0;
  const dependencies = { ...harness.dependencies, randomName: () => `name${(names += 1)}` };
  const request = { accountId: '1', sessionId };
  return handle(dependencies, { ...harness.environment, ...environment })({ request, state });
};
const developer = { developerProvider: 'sqs-browser' };

describe('the identity of a new session', () => {
  test('is a guest of the pool, with a name for its keys and one for the next', async () => {
    const { identity, ...rest } = await start();
    expect(await harness.identities()).toContain(identity.identityId);
    expect(identity).toMatchObject({ nameSeed: 'name1', nextNameSeed: 'name2' });
    const request = { accountId: 1, sessionId: 'new' };
    expect(rest).toEqual({ request, session: null, identityGone: false, attempt: 1, prepared: {} });
    expect(harness.calls.at(-1)?.parameters).toEqual({ IdentityPoolId: harness.environment.identityPoolId });
  });

  test('is another one each time', async () => {
    expect((await start()).identity.identityId).not.toBe((await start()).identity.identityId);
  });

  test('comes with its proof from a developer provider, for the name of its queue', async () => {
    const { identityId, token } = (await start('new', { environment: developer })).identity;
    expect(JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: identityId,
    });
    expect(harness.calls.at(-1)).toEqual({
      action: 'GetOpenIdTokenForDeveloperIdentity',
      parameters: {
        IdentityPoolId: harness.environment.identityPoolId,
        Logins: { 'sqs-browser': newQueueName('stack', 'name1') },
      },
    });
  });
});

describe('the identity of a refreshed session', () => {
  test('stays, and its next name comes into use', async () => {
    const session = await addSession(harness);
    const calls = harness.calls.length;
    const { sessionId, identityId, queueUrl, nextNameSeed: nameSeed } = session;
    expect(await start(sessionId)).toMatchObject({
      session,
      identity: { identityId, nameSeed, nextNameSeed: 'name1' },
      prepared: { queueUrl },
    });
    expect(harness.calls.slice(calls).map(({ action }) => action)).toEqual(['GetItem']);
  });

  test('gets two new names when its record is of an older version', async () => {
    const { nextNameSeed, ...older } = await addSession(harness, { sessionId: 'older' });
    await harness.put(older);
    expect((await start('older')).identity).toMatchObject({ nameSeed: 'name1', nextNameSeed: 'name2' });
    expect(nextNameSeed).toBeDefined();
  });

  test('is replaced when it has vanished', async () => {
    const session = await addSession(harness, { sessionId: 'vanished' });
    const state = { request: { accountId: 1 }, session, attempt: 1 };
    const started = await start('vanished', { state });
    const { identityId, nameSeed } = started.identity;
    expect(await harness.identities()).toContain(identityId);
    expect([identityId === session.identityId, nameSeed]).toEqual([false, session.nextNameSeed]);
    expect(started).toMatchObject({ identityGone: true, attempt: 2, prepared: { queueUrl: session.queueUrl } });
  });
});

test.each([
  ['TooManyRequestsException', 400, 'Throttled'],
  ['InternalErrorException', 500, 'UpstreamUnavailable'],
  ['NotAuthorizedException', 403, 'UpstreamFailed'],
])('answers %s as a failure', async (code, status, name) => {
  harness.on('before GetId', fault(code, status));
  await expect(start()).rejects.toMatchObject({ name });
});

test('refuses a request that is not valid before it makes anything', async () => {
  const calls = harness.calls.length;
  await expect(start('')).rejects.toMatchObject({ name: 'InvalidRequest' });
  expect(harness.calls).toHaveLength(calls);
});

test('fails by the name of what its environment lacks', async () => {
  await expect(handler({}, { getRemainingTimeInMillis: () => 1 })).rejects.toThrow(
    'Environment variables are missing: SESSION_TABLE_NAME, PAIR_TABLE_NAME, IDENTITY_POOL_ID, DEVELOPER_PROVIDER, ' +
      'QUEUE_PREFIX, POOL_GENERATION, MESSAGE_RETENTION, GRACE_PERIOD',
  );
});
