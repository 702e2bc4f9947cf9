import type { Access } from '../access/index.ts';
import type { Service } from '../service.ts';
import { getRole } from './get-role.ts';
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';

/** The template's roles, and when they were made. */
export interface IamState {
  readonly access: Pick<Access, 'roles' | 'findRole' | 'allows'>;
  readonly created: Date;
}

/** AWS Identity and Access Management, to read. */
export const createIam = (state: IamState): Service => ({
  name: 'iam',
  actions: { GetRole: getRole(state), SimulatePrincipalPolicy: simulatePrincipalPolicy(state) },
});
