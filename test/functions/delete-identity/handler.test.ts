import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/delete-identity/handler.ts';
import { fault, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const remove = (identityId: string) => handle(world.dependencies)({ identityId });

test('deletes the identity and no other', async () => {
  const [identity, other] = [await world.addIdentity(), await world.addIdentity()];
  expect(await remove(identity)).toEqual({});
  expect(await world.identities()).toEqual([other]);
});

test('succeeds when the identity is gone already', async () => {
  expect(await remove('eu-west-1:0')).toEqual({});
  world.on('before DeleteIdentities', fault('ResourceNotFoundException'));
  expect(await remove('eu-west-1:0')).toEqual({});
});

test.each([
  ['InternalServerError', 'UpstreamUnavailable'],
  ['AccessDenied', 'UpstreamFailed'],
] as const)('answers an identity left for %s as %s', async (code, name) => {
  world.refuseDeletion(code);
  await expect(remove(await world.addIdentity())).rejects.toMatchObject({ name });
});

test('answers throttling as a failure', async () => {
  world.on('before DeleteIdentities', fault('TooManyRequestsException'));
  await expect(remove('eu-west-1:0')).rejects.toMatchObject({ name: 'Throttled' });
});
