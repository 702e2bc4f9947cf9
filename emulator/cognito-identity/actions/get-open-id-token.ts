import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/** A public call: the id of an identity is enough to get its token. */
export const getOpenIdToken = ({ identities, tokens }: CognitoState): Action => ({
  run: (parameters) => {
    refuseLogins(parameters);
    const { id, poolId } = identities.identity(idOf(parameters['IdentityId'], 'identityId'));
    if (!identities.pool(poolId).allowsClassicFlow) {
      throw new AwsError('InvalidParameterException', 'Basic (classic) flow is not enabled, please use enhanced flow.');
    }
    return { IdentityId: id, Token: tokens.issue(id, poolId) };
  },
});
