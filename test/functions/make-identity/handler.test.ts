import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { handle, handler } from '../../../functions/make-identity/handler.ts';
import { fault, startWorld, type World } from '../../fakes/session-world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop());

const make = () => handle({ ...world.dependencies, randomName: () => 'f00d' }, world.environment)();

test('makes an identity in the pool, with a name for its keys', async () => {
  const { identityId, sessionName } = await make();
  expect([world.identities.identities.has(identityId), sessionName]).toEqual([true, 'f00d']);
  expect(world.server.calls.at(-1)?.parameters).toEqual({ IdentityPoolId: 'eu-west-1:pool' });
});

test('makes another identity each time', async () => {
  expect((await make()).identityId).not.toBe((await make()).identityId);
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
    'Environment variables are missing: IDENTITY_POOL_ID',
  );
});
