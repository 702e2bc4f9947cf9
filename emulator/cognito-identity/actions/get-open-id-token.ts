import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/** A public call: the id of a guest is enough to get its token. An identity that logged in needs its login. */
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
