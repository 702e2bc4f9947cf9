import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { IdentityPool, Login } from '../identities.ts';
import { idOf, invalid } from '../parameters.ts';
import type { CognitoState } from '../state.ts';

/** Seconds. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html */
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
 * A signed call, by which a backend names one of its users. It answers the user's identity, which is made if there is none, and a token
 * of it. With an IdentityId, this must be the user's. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
 * Assumed: the messages of the errors.
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
