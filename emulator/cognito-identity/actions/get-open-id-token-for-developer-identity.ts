import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { IdentityPool, Login } from '../identities.ts';
import { idOf, invalid } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

const defaultDuration = 900;
const maxDuration = 86_400;

const durationOf = ({ TokenDuration: value }: Parameters): number => {
  if (value === undefined) return defaultDuration;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxDuration) return value;
  throw invalid('tokenDuration', value, `Member must have a value between 1 and ${maxDuration}`);
};

const loginOf = ({ Logins }: Parameters, pool: IdentityPool): Login => {
  const logins = typeof Logins === 'object' && Logins !== null ? Object.entries(Logins) : [];
  const [[provider, user] = []] = logins;
  if (provider === undefined || typeof user !== 'string') throw invalid('logins', Logins, 'Member must not be null');
  if (logins.length > 1) throw new AwsError('InvalidParameterException', 'The emulator supports one login');
  if (provider !== pool.developerProvider) {
    throw new AwsError('InvalidParameterException', 'Please provide a valid public provider');
  }
  return { provider, user };
};

/**
 * A signed call, by which a backend vouches for a user: gives the user's identity, made if there is none, and its token.
 * Source: GetOpenIdTokenForDeveloperIdentity in Cognito's API reference. With an IdentityId it is of that identity, which
 * must be the user's.
 */
export const getOpenIdTokenForDeveloperIdentity = ({ identities, tokens, now, poolArn }: CognitoState): Action => ({
  permissions: (parameters) => [
    {
      action: 'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
      resource: poolArn(idOf(parameters['IdentityPoolId'], 'identityPoolId')),
    },
  ],
  run: (parameters) => {
    const pool = identities.pool(idOf(parameters['IdentityPoolId'], 'identityPoolId'));
    const login = loginOf(parameters, pool);
    const seconds = durationOf(parameters);
    const known = identities.ofUser(pool.id, login);
    const given = parameters['IdentityId'];
    if (given !== undefined && known?.id !== identities.identity(idOf(given, 'identityId')).id) {
      throw new AwsError('DeveloperUserAlreadyRegisteredException', 'The user has another identity.');
    }
    const { id } = known ?? identities.add(pool.id, now(), login);
    return { IdentityId: id, Token: tokens.issue(id, pool.id, { login, seconds }) };
  },
});
