import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/**
 * A public call, which makes a guest. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
 * The message: https://github.com/awslabs/aws-sdk-ios-samples/issues/296
 */
export const getId = ({ identities, now }: CognitoState): Action => ({
  run: (parameters) => {
    refuseLogins(parameters);
    const pool = identities.pool(idOf(parameters['IdentityPoolId'], 'identityPoolId'));
    if (!pool.allowsGuests) {
      throw new AwsError('NotAuthorizedException', 'Unauthenticated access is not supported for this identity pool.');
    }
    return { IdentityId: identities.add(pool.id, now()).id };
  },
});
