import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { serveGuarded } from '../access/guarded-server.ts';

export const poolId = 'us-east-1:11111111-2222-4333-8444-555555555555';
export const otherPoolId = 'us-east-1:99999999-2222-4333-8444-555555555555';
export const closedPoolId = 'us-east-1:00000000-2222-4333-8444-555555555555';

export const server = await serveGuarded();
server.cognito.createPool(poolId, {
  IdentityPoolName: 'guests',
  AllowUnauthenticatedIdentities: true,
  AllowClassicFlow: true,
});
server.cognito.createPool(otherPoolId, { AllowUnauthenticatedIdentities: 'true', AllowClassicFlow: false });
server.cognito.createPool(closedPoolId, { AllowUnauthenticatedIdentities: false });

export const cognito = new CognitoIdentityClient(server.client());

export const makeGuest = async (pool = poolId): Promise<string> => {
  const { IdentityId = '' } = await cognito.send(new GetIdCommand({ IdentityPoolId: pool }));
  return IdentityId;
};

/** An identity's id that no pool has. */
export const nobody = 'us-east-1:dddddddd-dddd-4ddd-8ddd-dddddddddddd';
