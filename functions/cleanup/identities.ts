import type { CognitoIdentityClient } from '../aws/clients.ts';
import { settle, settleUnless } from '../aws/errors.ts';
import { identitiesPerCall } from '../sessions/identities.ts';

export interface ListedIdentities {
  readonly identities: readonly { readonly identityId: string; /** Epoch milliseconds. */ readonly created: number }[];
  readonly next: string | undefined;
}

/**
 * A page of the pool's identities.
 * @param next where it begins; a token that Cognito no longer takes begins at the beginning
 */
export const listIdentities = async (
  client: CognitoIdentityClient,
  identityPoolId: string,
  next: string | undefined,
): Promise<ListedIdentities> => {
  const list = (NextToken: string | undefined) =>
    client.call('ListIdentities', { IdentityPoolId: identityPoolId, MaxResults: identitiesPerCall, NextToken });
  const call = 'cognito-identity:ListIdentities';
  const page =
    (next !== undefined && (await settleUnless(call, list(next), ['InvalidParameterException'], undefined))) ||
    (await settle(call, list(undefined)));
  const identities = (page.Identities ?? []).flatMap(({ IdentityId, CreationDate }) =>
    IdentityId !== undefined && CreationDate !== undefined
      ? [{ identityId: IdentityId, created: CreationDate * 1000 }]
      : [],
  );
  return { identities, next: page.NextToken };
};
