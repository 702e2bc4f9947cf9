import { DescribeIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, nobody, poolId, server } from '../guests.ts';

test('describes the pool as the template does', async () => {
  await expect(cognito.send(new DescribeIdentityPoolCommand({ IdentityPoolId: poolId }))).resolves.toMatchObject({
    IdentityPoolId: poolId,
    IdentityPoolName: 'guests',
    AllowUnauthenticatedIdentities: true,
    AllowClassicFlow: true,
  });
});

test('refuses a pool that is not there', async () => {
  const described = cognito.send(new DescribeIdentityPoolCommand({ IdentityPoolId: nobody }));
  await expect(described).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a property of a pool that is not supported is refused', () => {
  expect(() => {
    server.cognito.createPool('us-east-1:0', { SamlProviderARNs: [] });
  }).toThrow('An identity pool with SamlProviderARNs is not supported');
});
