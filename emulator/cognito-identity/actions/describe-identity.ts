import type { Action } from '../../service.ts';
import { idOf } from '../parameters.ts';
import type { CognitoState } from '../state.ts';
import { describeIdentity as describe } from '../state.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html */
export const describeIdentity = ({ identities }: CognitoState): Action => ({
  permissions: () => [{ action: 'cognito-identity:DescribeIdentity', resource: '*' }],
  run: (parameters) => describe(identities.identity(idOf(parameters['IdentityId'], 'identityId'))),
});
