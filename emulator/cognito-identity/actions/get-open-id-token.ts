import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/**
 * A public call: the id of a guest is enough for its token. The token of an identity that has a login needs the login.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
 * A token without its login: https://github.com/aws-amplify/aws-sdk-android/issues/175
 * Assumed: the error of a pool without the classic flow.
 */
export const getOpenIdToken = ({ identities, tokens }: CognitoState): Action => ({
  run: (parameters) => {
    refuseLogins(parameters);
    const { id, poolId, login } = identities.identity(idOf(parameters['IdentityId'], 'identityId'));
    if (!identities.pool(poolId).allowsClassicFlow) {
      throw new AwsError('InvalidParameterException', 'Basic (classic) flow is not enabled, please use enhanced flow.');
    }
    if (login) throw new AwsError('NotAuthorizedException', `Access to Identity '${id}' is forbidden.`);
    return { IdentityId: id, Token: tokens.issue(id, poolId) };
  },
});
