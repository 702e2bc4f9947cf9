/** The shape of a session. The clients, the functions and the API's description derive theirs from it. */

/** What identifies a session. */
export interface SessionKey {
  /** A safe integer. */
  readonly accountId: number;
  /** 1 to 255 Unicode characters. */
  readonly sessionId: string;
}

/** A session as a list shows it. */
export interface ListedSession extends SessionKey {
  /** A safe integer; missing when the session has no user. */
  readonly userId?: number;
  /** The URL of the session's queue. */
  readonly sqsUrl: string;
  /** The Cognito identity that the session's credentials are issued to. */
  readonly identityId: string;
  /** When the session ends unless it is renewed, epoch seconds. */
  readonly expires: number;
}

/** Temporary AWS credentials, named as in the API's answers. */
export interface SessionKeys {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
}

/** A session with its keys: the answer of create, renew and status. */
export interface Session extends ListedSession, SessionKeys {}
