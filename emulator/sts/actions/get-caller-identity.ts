import { arnOf, userIdOf } from '../../access/index.ts';
import type { Action } from '../../service.ts';
import type { StsState } from '../state.ts';

/** Needs a signature and no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity = ({ accountId }: StsState): Action => ({
  permissions: () => [],
  run: (_parameters, { principal }) => ({
    Arn: arnOf(principal, accountId),
    UserId: userIdOf(principal),
    Account: accountId,
  }),
});
