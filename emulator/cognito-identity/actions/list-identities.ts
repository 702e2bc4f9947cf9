import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { idOf, invalid } from '../parameters.ts';
import type { CognitoState } from '../state.ts';
import { describeIdentity } from '../state.ts';

/** https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html */
const maxPageSize = 60;

const lengthOf = (parameters: Parameters): number => {
  const value = parameters['MaxResults'];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxPageSize) return value;
  throw invalid('maxResults', value, `Member must have a value between 1 and ${maxPageSize}`);
};

/** A token names its pool and the position where the page starts. */
const tokenOf = (poolId: string, position: number): string =>
  Buffer.from(`${poolId} ${position}`).toString('base64url');

const startOf = (token: unknown, poolId: string): number => {
  if (token === undefined) return 0;
  const [pool, position] = Buffer.from(typeof token === 'string' ? token : '', 'base64url')
    .toString()
    .split(' ');
  const start = Number(position);
  if (pool === poolId && Number.isSafeInteger(start) && start >= 0) return start;
  throw new AwsError('InvalidParameterException', 'Invalid pagination token.');
};

export const listIdentities = ({ identities, poolArn }: CognitoState): Action => ({
  permissions: (parameters) => [
    {
      action: 'cognito-identity:ListIdentities',
      resource: poolArn(idOf(parameters['IdentityPoolId'], 'identityPoolId')),
    },
  ],
  run: (parameters) => {
    const { id } = identities.pool(idOf(parameters['IdentityPoolId'], 'identityPoolId'));
    const page = identities.list(id, startOf(parameters['NextToken'], id), lengthOf(parameters));
    return {
      IdentityPoolId: id,
      Identities: page.identities.map(describeIdentity),
      ...(page.next === undefined ? {} : { NextToken: tokenOf(id, page.next) }),
    };
  },
});
