import type { EpochMilliseconds } from '../clock.ts';
import type { Identity, Identities } from './identities.ts';
import type { OpenIdTokens } from './open-id-token.ts';

/** The state that the actions of Cognito identity pools share. */
export interface CognitoState {
  readonly identities: Identities;
  readonly tokens: OpenIdTokens;
  readonly now: () => EpochMilliseconds;
  readonly poolArn: (poolId: string) => string;
}

/** Timestamps are seconds since the epoch in this protocol. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_IdentityDescription.html */
export const describeIdentity = ({ id, created }: Identity) => ({
  IdentityId: id,
  CreationDate: created / 1000,
  LastModifiedDate: created / 1000,
});
