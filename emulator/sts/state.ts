import type { Access } from '../access/index.ts';
import type { EpochMilliseconds } from '../clock.ts';
import type { TokenReading } from '../cognito-identity/open-id-token.ts';

/** The state that the actions of AWS STS share. */
export interface StsState {
  readonly access: Access;
  readonly accountId: string;
  /** See CognitoIdentity.readToken. */
  readonly readToken: (token: string) => TokenReading;
  readonly now: () => EpochMilliseconds;
}
