import { afterAll, expect, test } from '@jest/globals';
import { startEmulator } from '../emulator.ts';

const pool = { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities: true } };
const emulator = await startEmulator({
  template: {
    Resources: { Pool: pool, Files: { Type: 'AWS::S3::Bucket' } },
    Outputs: { PoolId: { Value: { Ref: 'Pool' } }, Files: { Value: { Ref: 'Files' } } },
  },
});

afterAll(() => emulator.stop());

const ask = (action: string, parameters: object) =>
  emulator.ask('cognito-identity', action, { IdentityPoolId: emulator.outputs['PoolId'], ...parameters });

const identities = async () => {
  const answer: { Identities?: { IdentityId: string }[] } = await ask('ListIdentities', { MaxResults: 60 });
  return (answer.Identities ?? []).map(({ IdentityId }) => IdentityId);
};

test('an identity whose deletion fails stays and comes back unprocessed, as often as asked', async () => {
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

test('a fault of S3 can be of the objects whose keys begin alike', async () => {
  const put = (Key: string) => emulator.ask('s3', 'PutObject', { Bucket: emulator.outputs['Files'], Key, Body: 'x' });
  const error = { name: 'InternalError', message: 'injected' };
  const end = emulator.faults.add({ call: 's3:PutObject', when: 'before', keyPrefix: 'a/', error });
  await expect(put('a/1')).rejects.toThrow('injected');
  await expect(put('b/1')).resolves.toBeDefined();
  end();
  await expect(put('a/1')).resolves.toBeDefined();
});
