import type { Action } from '../../service.ts';
import { idOf } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html */
export const describeIdentityPool = ({ identities, poolArn }: CognitoState): Action => ({
  permissions: (parameters) => [
    {
      action: 'cognito-identity:DescribeIdentityPool',
      resource: poolArn(idOf(parameters['IdentityPoolId'], 'identityPoolId')),
    },
  ],
  run: (parameters) => {
    const { id, name, allowsGuests, allowsClassicFlow } = identities.pool(
      idOf(parameters['IdentityPoolId'], 'identityPoolId'),
    );
    return {
      IdentityPoolId: id,
      IdentityPoolName: name,
      AllowUnauthenticatedIdentities: allowsGuests,
      AllowClassicFlow: allowsClassicFlow,
    };
  },
});
