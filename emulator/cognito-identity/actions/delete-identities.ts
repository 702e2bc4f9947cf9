import type { Action } from '../../service.ts';
import { idOf, invalid } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html */
const maxIdentities = 60;

const idsOf = (value: unknown): string[] => {
  if (Array.isArray(value) && value.length >= 1 && value.length <= maxIdentities) {
    return value.map((id) => idOf(id, 'identityIdsToDelete'));
  }
  throw invalid('identityIdsToDelete', value, `Member must have length between 1 and ${maxIdentities}`);
};

export const deleteIdentities = (state: CognitoState): Action => ({
  permissions: () => [{ action: 'cognito-identity:DeleteIdentities', resource: '*' }],
  run: (parameters) => {
    for (const id of idsOf(parameters['IdentityIdsToDelete'])) state.identities.delete(id);
    return { UnprocessedIdentityIds: [] };
  },
});
