import type { Role } from '../../access/index.ts';
import { arnOf, PolicyError, roleSession } from '../../access/index.ts';
import type { TokenClaims } from '../../cognito-identity/open-id-token.ts';
import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { StsState } from '../state.ts';
import { invalid, requiredText } from '../parameters.ts';

/** The limits and the errors: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
const action = 'sts:AssumeRoleWithWebIdentity';
const provider = 'cognito-identity.amazonaws.com';
const minSessionSeconds = 900;
const maxSessionSeconds = 43_200;
const defaultSessionSeconds = 3600;
const maxPolicyCharacters = 2048;

const refuseUnsupported = (parameters: Parameters): void => {
  const name = Object.keys(parameters).find((key) => key === 'ProviderId' || key.startsWith('PolicyArns'));
  if (name !== undefined) throw new AwsError('ValidationError', `The emulator does not support ${name}`);
};

const durationOf = (parameters: Parameters): number => {
  const value = parameters['DurationSeconds'];
  if (value === undefined) return defaultSessionSeconds;
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= minSessionSeconds && seconds <= maxSessionSeconds) return seconds;
  throw invalid(
    'durationSeconds',
    value,
    `Member must have a value between ${minSessionSeconds} and ${maxSessionSeconds}`,
  );
};

const checkToken = ({ readToken, now }: StsState, parameters: Parameters): TokenClaims => {
  const reading = readToken(requiredText(parameters, 'WebIdentityToken', { min: 4, max: 20_000 }));
  if (reading.state === 'forged') {
    throw new AwsError(
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  if (reading.state === 'valid') return reading.claims;
  const { expires } = reading.claims;
  const current = Math.floor(now() / 1000);
  throw new AwsError(
    'ExpiredTokenException',
    `Token expired: current date/time ${current} must be before the expiration date/time ${expires}`,
  );
};

const sessionPolicy = ({ access }: StsState, parameters: Parameters): string | undefined => {
  if (parameters['Policy'] === undefined) return undefined;
  const text = requiredText(parameters, 'Policy', { min: 1, max: maxPolicyCharacters });
  try {
    access.checkSessionPolicy(text);
    // A copy: a value of URLSearchParams can be a part of the whole body, which would be kept with it.
    return Buffer.from(text).toString();
  } catch (error) {
    if (error instanceof PolicyError) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
};

const trustedRole = (
  { access }: StsState,
  roleArn: string,
  context: Readonly<Record<string, string | string[]>>,
): Role => {
  const role = access.findRole(roleArn);
  if (role && access.trusts(role, { party: { federated: provider }, action, context })) return role;
  throw new AwsError('AccessDenied', `Not authorized to perform ${action}`);
};

const checkDuration = (role: Role, seconds: number): void => {
  if (seconds <= role.maxSessionSeconds) return;
  const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
  throw new AwsError('ValidationError', message);
};

/**
 * Condition credentials of the request to assume the role, and of the session's own requests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-credentials.html
 */
const contextOf = ({ identityId, identityPoolId, amr }: TokenClaims) => ({
  'cognito-identity.amazonaws.com:sub': identityId,
  'cognito-identity.amazonaws.com:aud': identityPoolId,
  'cognito-identity.amazonaws.com:amr': [...amr],
});

/**
 * Gives an identity credentials of a role. A public call: the token and the role's trust policy decide.
 * Assumed: PackedPolicySize, since AWS does not say how it packs; the messages of the errors.
 */
export const assumeRoleWithWebIdentity = (state: StsState): Action => ({
  run: (parameters) => {
    refuseUnsupported(parameters);
    const roleArn = requiredText(parameters, 'RoleArn', { min: 20, max: 2048 });
    const sessionName = requiredText(parameters, 'RoleSessionName', { min: 2, max: 64, form: /^[\w+=,.@-]*$/ });
    const seconds = durationOf(parameters);
    const policy = sessionPolicy(state, parameters);
    const claims = checkToken(state, parameters);
    const context = contextOf(claims);
    const role = trustedRole(state, roleArn, { ...context, 'sts:RoleSessionName': sessionName });
    checkDuration(role, seconds);
    const session = roleSession(role, sessionName, {
      context: { ...context, 'aws:FederatedProvider': provider },
      ...(policy ? { sessionPolicy: policy } : {}),
    });
    const expires = (Math.floor(state.now() / 1000) + seconds) * 1000;
    const credentials = state.access.issueCredentials(session, expires);
    return {
      SubjectFromWebIdentityToken: claims.identityId,
      Audience: claims.identityPoolId,
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: arnOf(session, state.accountId) },
      Credentials: {
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        SessionToken: credentials.sessionToken,
        Expiration: new Date(credentials.expires),
      },
      Provider: provider,
      PackedPolicySize: policy ? Math.ceil((100 * policy.length) / maxPolicyCharacters) : undefined,
    };
  },
});
