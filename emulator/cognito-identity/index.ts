import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { Service } from '../service.ts';
import { isTrue } from '../values.ts';
import { deleteIdentities } from './actions/delete-identities.ts';
import { describeIdentity } from './actions/describe-identity.ts';
import { describeIdentityPool } from './actions/describe-identity-pool.ts';
import { getCredentialsForIdentity } from './actions/get-credentials-for-identity.ts';
import { getId } from './actions/get-id.ts';
import { getOpenIdTokenForDeveloperIdentity } from './actions/get-open-id-token-for-developer-identity.ts';
import { getOpenIdToken } from './actions/get-open-id-token.ts';
import { listIdentities } from './actions/list-identities.ts';
import { Identities } from './identities.ts';
import type { TokenReading } from './open-id-token.ts';
import { createOpenIdTokens } from './open-id-token.ts';
import type { CognitoState } from './state.ts';

export interface CognitoIdentityOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Where identities are kept. Default: nowhere. */
  readonly state?: State;
}

/** Cognito identity pools for guests and for the users of a developer's backend. */
export interface CognitoIdentity extends Service {
  readonly name: 'cognito-identity';
  /** Creates a pool of the template from the properties of its AWS::Cognito::IdentityPool. @throws Error naming a property that is not supported. */
  createPool(id: string, properties: Readonly<Record<string, unknown>>): void;
  /** Reads a token of GetOpenIdToken, for STS. */
  readToken(token: string): TokenReading;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-identitypool.html */
const supported = new Set([
  'IdentityPoolName',
  'AllowUnauthenticatedIdentities',
  'AllowClassicFlow',
  'DeveloperProviderName',
  'IdentityPoolTags',
]);

export const createCognitoIdentity = (options: CognitoIdentityOptions): CognitoIdentity => {
  const { clock, accountId, region, state: kept = noState } = options;
  const identities = new Identities(region, kept);
  const tokens = createOpenIdTokens(clock, kept);
  const state: CognitoState = {
    identities,
    tokens,
    now: () => clock.now(),
    poolArn: (poolId) => `arn:aws:cognito-identity:${region}:${accountId}:identitypool/${poolId}`,
  };
  return {
    name: 'cognito-identity',
    actions: {
      DeleteIdentities: deleteIdentities(state),
      DescribeIdentity: describeIdentity(state),
      DescribeIdentityPool: describeIdentityPool(state),
      GetCredentialsForIdentity: getCredentialsForIdentity(state),
      GetId: getId(state),
      GetOpenIdToken: getOpenIdToken(state),
      GetOpenIdTokenForDeveloperIdentity: getOpenIdTokenForDeveloperIdentity(state),
      ListIdentities: listIdentities(state),
    },
    createPool: (id, properties) => {
      const unknown = Object.keys(properties).find((name) => !supported.has(name));
      if (unknown !== undefined) throw new Error(`An identity pool with ${unknown} is not supported`);
      const { IdentityPoolName, AllowUnauthenticatedIdentities, AllowClassicFlow, DeveloperProviderName } = properties;
      identities.addPool({
        id,
        name: typeof IdentityPoolName === 'string' ? IdentityPoolName : id,
        allowsGuests: isTrue(AllowUnauthenticatedIdentities),
        allowsClassicFlow: isTrue(AllowClassicFlow),
        ...(typeof DeveloperProviderName === 'string' && { developerProvider: DeveloperProviderName }),
      });
    },
    readToken: (token) => tokens.read(token),
  };
};
