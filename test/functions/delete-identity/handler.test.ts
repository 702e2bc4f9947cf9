import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/delete-identity/handler.ts';
import { fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const remove = (identityId: string) => handle(harness.dependencies)({ identityId });

test('deletes the identity and no other', async () => {
  const [identity, other] = [await harness.addIdentity(), await harness.addIdentity()];
  expect(await remove(identity)).toEqual({});
  expect(await harness.identities()).toEqual([other]);
});

test('succeeds when the identity is gone already', async () => {
  expect(await remove('eu-west-1:0')).toEqual({});
  harness.on('before DeleteIdentities', fault('ResourceNotFoundException'));
  expect(await remove('eu-west-1:0')).toEqual({});
});

test.each([
  ['InternalServerError', 'UpstreamUnavailable'],
  ['AccessDenied', 'UpstreamFailed'],
] as const)('answers an identity left for %s as %s', async (code, name) => {
  harness.refuseDeletion(code);
  await expect(remove(await harness.addIdentity())).rejects.toMatchObject({ name });
});

test('answers throttling as a failure', async () => {
  harness.on('before DeleteIdentities', fault('TooManyRequestsException'));
  await expect(remove('eu-west-1:0')).rejects.toMatchObject({ name: 'Throttled' });
});
