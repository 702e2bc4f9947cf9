import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, refuseLogins } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/**
 * The enhanced flow, a public call. It needs a role that is attached to the pool, and no pool here has one: an attachment
 * in the template is refused. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 * The message: https://github.com/amazon-archives/amazon-cognito-auth-js/issues/196
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
