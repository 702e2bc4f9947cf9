import type { Clock } from '../clock.ts';
import type { Service } from '../service.ts';
import { assumeRoleWithWebIdentity } from './actions/assume-role-with-web-identity.ts';
import { getCallerIdentity } from './actions/get-caller-identity.ts';
import type { StsState } from './state.ts';

export interface StsOptions extends Omit<StsState, 'now'> {
  readonly clock: Clock;
}

export const createSts = ({ clock, access, accountId, readToken }: StsOptions): Service => {
  const state: StsState = { access, accountId, readToken, now: () => clock.now() };
  return {
    name: 'sts',
    actions: {
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity(state),
      GetCallerIdentity: getCallerIdentity(state),
    },
  };
};
