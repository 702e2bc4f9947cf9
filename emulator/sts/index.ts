import type { Access } from '../access/index.ts';
import type { Clock, EpochMilliseconds } from '../clock.ts';
import type { TokenReading } from '../cognito-identity/open-id-token.ts';
import type { Service } from '../service.ts';
import { assumeRoleWithWebIdentity } from './actions/assume-role-with-web-identity.ts';
import { getCallerIdentity } from './actions/get-caller-identity.ts';

export interface StsOptions {
  readonly clock: Clock;
  readonly access: Access;
  readonly accountId: string;
  /** See CognitoIdentity.readToken. */
  readonly readToken: (token: string) => TokenReading;
}

/** What the actions of AWS STS work on. */
export interface StsState extends Omit<StsOptions, 'clock'> {
  readonly now: () => EpochMilliseconds;
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
