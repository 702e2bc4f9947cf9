import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/**
 * The enhanced flow, a public call. It needs a role that is attached to the pool, and no pool here has one: an attachment
 * in the template is refused.
 */
export const getCredentialsForIdentity = ({ identities }: CognitoState): Action => ({
  run: (parameters) => {
    refuseLogins(parameters);
    identities.identity(idOf(parameters['IdentityId'], 'identityId'));
    throw new AwsError(
      'InvalidIdentityPoolConfigurationException',
      'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    );
  },
});
