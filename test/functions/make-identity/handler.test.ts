import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle, handler } from '../../../functions/make-identity/handler.ts';
import { newQueueName } from '../../../functions/sessions/queues.ts';
import type { SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop());

const make = (session: SessionRecord | null = null, { identityGone = false, environment = {} } = {}) => {
  let names = 0;
  const dependencies = { ...world.dependencies, randomName: () => `name${(names += 1)}` };
  return handle(dependencies, { ...world.environment, ...environment })({ request: {}, session, identityGone });
};
const developer = { developerProvider: 'sqs-browser' };

describe('the identity of a new session', () => {
  test('is a guest of the pool, with a name for its keys and one for the next', async () => {
    const { identityId, ...names } = await make();
    expect(await world.identities()).toContain(identityId);
    expect(names).toEqual({ nameSeed: 'name1', nextNameSeed: 'name2' });
    expect(world.calls.at(-1)?.parameters).toEqual({ IdentityPoolId: world.environment.identityPoolId });
  });

  test('is another one each time', async () => {
    expect((await make()).identityId).not.toBe((await make()).identityId);
  });

  test('comes with its proof from a developer provider, for the name of its queue', async () => {
    const { identityId, token } = await make(null, { environment: developer });
    expect(JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: identityId,
    });
    expect(world.calls.at(-1)).toEqual({
      action: 'GetOpenIdTokenForDeveloperIdentity',
      parameters: {
        IdentityPoolId: world.environment.identityPoolId,
        Logins: { 'sqs-browser': newQueueName('stack', 'name1') },
      },
    });
  });
});

describe('the identity of a refreshed session', () => {
  test('stays, and its next name comes into use', async () => {
    const session = await addSession(world);
    const calls = world.calls.length;
    const { identityId, queueUrl, nextNameSeed: nameSeed } = session;
    expect(await make(session)).toEqual({ identityId, nameSeed, nextNameSeed: 'name1', queueUrl });
    expect(world.calls).toHaveLength(calls);
  });

  test('gets two new names when its record is of an older version', async () => {
    const session = await addSession(world, { sessionId: 'older' });
    delete session.nextNameSeed;
    expect(await make(session)).toMatchObject({ nameSeed: 'name1', nextNameSeed: 'name2' });
  });

  test('is replaced when it has vanished', async () => {
    const session = await addSession(world, { sessionId: 'vanished' });
    const { identityId, nameSeed } = await make(session, { identityGone: true });
    expect(await world.identities()).toContain(identityId);
    expect([identityId === session.identityId, nameSeed]).toEqual([false, session.nextNameSeed]);
  });
});

test.each([
  ['TooManyRequestsException', 400, 'Throttled'],
  ['InternalErrorException', 500, 'UpstreamUnavailable'],
  ['NotAuthorizedException', 403, 'UpstreamFailed'],
])('answers %s as a failure', async (code, status, name) => {
  world.on('before GetId', fault(code, status));
  await expect(make()).rejects.toMatchObject({ name });
});

test('fails by the name of what its environment lacks', async () => {
  await expect(handler({}, { getRemainingTimeInMillis: () => 1 })).rejects.toThrow(
    'Environment variables are missing: PAIR_TABLE_NAME, IDENTITY_POOL_ID, DEVELOPER_PROVIDER, QUEUE_PREFIX, ' +
      'POOL_GENERATION, MESSAGE_RETENTION, GRACE_PERIOD',
  );
});
