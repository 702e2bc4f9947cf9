import {
  type CognitoIdentityClient,
  DeleteIdentitiesCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  ListIdentitiesCommand,
  type UnprocessedIdentityId,
} from '@aws-sdk/client-cognito-identity';
import { present, settle, settleUnless } from '../aws/aws-errors.ts';

/** Identities one DeleteIdentities call takes, and one ListIdentities page has (API reference). */
export const identitiesPerCall = 60;

/** Makes a guest identity in the pool and answers its id. */
export const makeIdentity = async (client: CognitoIdentityClient, identityPoolId: string): Promise<string> => {
  const { IdentityId } = await settle(
    'cognito-identity:GetId',
    client.send(new GetIdCommand({ IdentityPoolId: identityPoolId })),
  );
  return present('cognito-identity:GetId', IdentityId);
};

/** A token that proves the identity to STS for ten minutes; undefined when the identity has been deleted. */
export const openIdToken = async (client: CognitoIdentityClient, identityId: string): Promise<string | undefined> => {
  const call = 'cognito-identity:GetOpenIdToken';
  const answer = client.send(new GetOpenIdTokenCommand({ IdentityId: identityId }));
  const token = await settleUnless(call, answer, ['ResourceNotFoundException'], undefined);
  return token && present(call, token.Token);
};

/**
 * Deletes up to 60 identities; those that are gone already count as deleted.
 * @returns those that Cognito did not get to, each with its reason
 */
export const deleteIdentities = async (
  client: CognitoIdentityClient,
  identityIds: readonly string[],
): Promise<readonly UnprocessedIdentityId[]> => {
  const answer = client.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [...identityIds] }));
  const result = await settleUnless(
    'cognito-identity:DeleteIdentities',
    answer,
    ['ResourceNotFoundException'],
    undefined,
  );
  return result?.UnprocessedIdentityIds ?? [];
};

export interface ListedIdentities {
  readonly identities: readonly { readonly identityId: string; /** Epoch milliseconds. */ readonly created: number }[];
  readonly next: string | undefined;
}

/** A page of the pool's identities. */
export const listIdentities = async (
  client: CognitoIdentityClient,
  identityPoolId: string,
  next: string | undefined,
): Promise<ListedIdentities> => {
  const command = new ListIdentitiesCommand({
    IdentityPoolId: identityPoolId,
    MaxResults: identitiesPerCall,
    NextToken: next,
  });
  const { Identities, NextToken } = await settle('cognito-identity:ListIdentities', client.send(command));
  const identities = (Identities ?? []).flatMap(({ IdentityId, CreationDate }) =>
    IdentityId !== undefined && CreationDate !== undefined
      ? [{ identityId: IdentityId, created: CreationDate.getTime() }]
      : [],
  );
  return { identities, next: NextToken };
};
