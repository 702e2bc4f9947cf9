import type { Action } from '../../service.ts';
import { idOf, invalid } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

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
    const ids = idsOf(parameters['IdentityIdsToDelete']);
    const refused = ids.splice(0, Math.min(state.refusals, ids.length));
    state.refusals -= refused.length;
    for (const id of ids) state.identities.delete(id);
    return {
      UnprocessedIdentityIds: refused.map((id) => ({ IdentityId: id, ErrorCode: 'InternalServerError' })),
    };
  },
});
