import type { Service } from '../service.ts';
import { getRole } from './get-role.ts';
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';
import type { IamState } from './state.ts';

/** AWS Identity and Access Management, to read. */
export const createIam = (state: IamState): Service => ({
  name: 'iam',
  actions: { GetRole: getRole(state), SimulatePrincipalPolicy: simulatePrincipalPolicy(state) },
});
