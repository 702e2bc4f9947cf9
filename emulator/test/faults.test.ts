import { afterAll, expect, test } from '@jest/globals';
import { startEmulator } from '../emulator.ts';

const pool = { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities: true } };
const emulator = await startEmulator({
  template: { Resources: { Pool: pool }, Outputs: { PoolId: { Value: { Ref: 'Pool' } } } },
});

afterAll(() => emulator.stop());

const ask = (action: string, parameters: object) =>
  emulator.ask('cognito-identity', action, { IdentityPoolId: emulator.outputs['PoolId'], ...parameters });

const identities = async () => {
  const answer: { Identities?: { IdentityId: string }[] } = await ask('ListIdentities', { MaxResults: 60 });
  return (answer.Identities ?? []).map(({ IdentityId }) => IdentityId);
};

test('an identity whose deletion is to fail stays and comes back unprocessed, as often as it was said', async () => {
  await Promise.all([ask('GetId', {}), ask('GetId', {})]);
  const [first, second] = await identities();
  const error = { name: 'AccessDenied', message: '' };
  emulator.faults.add({ call: 'cognito-identity:DeleteIdentities', when: 'before', entry: 0, error, times: 1 });
  expect(await ask('DeleteIdentities', { IdentityIdsToDelete: [first, second] })).toEqual({
    UnprocessedIdentityIds: [{ IdentityId: first, ErrorCode: 'AccessDenied' }],
  });
  expect(await identities()).toEqual([first]);
  expect(await ask('DeleteIdentities', { IdentityIdsToDelete: [first] })).toEqual({ UnprocessedIdentityIds: [] });
  expect(await identities()).toEqual([]);
});
