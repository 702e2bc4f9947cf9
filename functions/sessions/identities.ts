import type { CognitoIdentityClient, STSClient } from '../aws/clients.ts';
import { present, settle, settleUnless, UpstreamFailed, UpstreamUnavailable } from '../aws/errors.ts';
import { browserActions } from './queues.ts';
import type { Keys } from './session-record.ts';

/** Identities one DeleteIdentities call takes, and one ListIdentities page has (API reference). */
export const identitiesPerCall = 60;

/** The pool in which identities are made, and its provider. */
export interface IdentityContext {
  readonly identityPoolId: string;
  /** The developer provider that vouches for identities; `none` for guests, whom Cognito takes without asking. */
  readonly developerProvider: string;
}

/** An identity, with a token if the call that made it returned one. */
export interface MadeIdentity {
  readonly identityId: string;
  readonly token?: string;
}

/**
 * Makes an identity in the pool.
 * @param user what a developer provider knows it by: the name of its queue. Made again for the same user, it is the same.
 */
export const makeIdentity = async (
  client: CognitoIdentityClient,
  { identityPoolId, developerProvider }: IdentityContext,
  user: string,
): Promise<MadeIdentity> => {
  if (developerProvider === 'none') {
    const guest = client.call('GetId', { IdentityPoolId: identityPoolId });
    const { IdentityId } = await settle('cognito-identity:GetId', guest);
    return { identityId: present('cognito-identity:GetId', IdentityId) };
  }
  const call = 'cognito-identity:GetOpenIdTokenForDeveloperIdentity';
  const made = client.call('GetOpenIdTokenForDeveloperIdentity', {
    IdentityPoolId: identityPoolId,
    Logins: { [developerProvider]: user },
  });
  const { IdentityId, Token } = await settle(call, made);
  return { identityId: present(call, IdentityId), token: present(call, Token) };
};

/**
 * A token that proves the identity to STS, for ten minutes or longer; undefined when the identity has been deleted.
 * @param user what makeIdentity was given
 */
export const openIdToken = async (
  client: CognitoIdentityClient,
  { identityPoolId, developerProvider }: IdentityContext,
  { identityId, user }: { readonly identityId: string; readonly user: string },
): Promise<string | undefined> => {
  const isGuest = developerProvider === 'none';
  const call = `cognito-identity:GetOpenIdToken${isGuest ? '' : 'ForDeveloperIdentity'}`;
  const answer = isGuest
    ? client.call('GetOpenIdToken', { IdentityId: identityId })
    : client.call('GetOpenIdTokenForDeveloperIdentity', {
        IdentityPoolId: identityPoolId,
        IdentityId: identityId,
        Logins: { [developerProvider]: user },
      });
  const proof = await settleUnless(call, answer, ['ResourceNotFoundException'], undefined);
  return proof && present(call, proof.Token);
};

/** An identity that Cognito did not get to; AccessDenied is final. */
export interface UnprocessedIdentity {
  readonly IdentityId?: string | undefined;
  readonly ErrorCode?: string | undefined;
}

/**
 * Deletes up to 60 identities. Those that do not exist count as deleted.
 * @returns those that Cognito did not get to, each with its reason
 */
export const deleteIdentities = async (
  client: CognitoIdentityClient,
  identityIds: readonly string[],
): Promise<readonly UnprocessedIdentity[]> => {
  const answer = client.call('DeleteIdentities', { IdentityIdsToDelete: [...identityIds] });
  const result = await settleUnless(
    'cognito-identity:DeleteIdentities',
    answer,
    ['ResourceNotFoundException'],
    undefined,
  );
  return result?.UnprocessedIdentityIds ?? [];
};

/**
 * Deletes an identity. One that does not exist counts as deleted.
 * @throws UpstreamUnavailable when Cognito did not get to it, UpstreamFailed when it may not be deleted
 */
export const deleteIdentity = async (client: CognitoIdentityClient, identityId: string): Promise<void> => {
  const [left] = await deleteIdentities(client, [identityId]);
  if (left?.ErrorCode === 'AccessDenied') throw new UpstreamFailed('The identity may not be deleted');
  if (left) throw new UpstreamUnavailable('The identity was not deleted');
};

/** A request for keys: the session, what the keys allow, and for how long. */
export interface KeyRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  /** From Cognito's GetOpenIdToken. */
  readonly token: string;
  /** A session policy, at most 2048 characters. */
  readonly policy: string;
  /** 900 to 43,200 seconds, and no more than the role's MaxSessionDuration (AssumeRoleWithWebIdentity). */
  readonly duration: number;
}

/** Issues temporary keys of the browser role. */
export const issueKeys = async (
  client: STSClient,
  { roleArn, sessionName, token, policy, duration }: KeyRequest,
): Promise<Keys> => {
  const call = 'sts:AssumeRoleWithWebIdentity';
  const sent = client.call('AssumeRoleWithWebIdentity', {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: token,
    Policy: policy,
    DurationSeconds: duration,
  });
  const credentials = await settle(call, sent);
  return {
    accessKey: present(call, credentials.AccessKeyId),
    secretKey: present(call, credentials.SecretAccessKey),
    sessionToken: present(call, credentials.SessionToken),
    expires: Math.floor(Date.parse(present(call, credentials.Expiration)) / 1000),
  };
};

/** The session policy that keys are issued with: one queue, and none but a browser's actions. STS takes 2048 characters. */
export const sessionPolicy = (queueArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: browserActions, Resource: queueArn }],
  });
