/** Which session. A description is one too. */
export interface SessionKey {
  /** A safe integer. */
  readonly accountId: number;
  /** 1 to 255 Unicode characters, any but `.` and `..` alone. */
  readonly sessionId: string;
}

export interface NewSession extends SessionKey {
  /** A safe integer. */
  readonly userId?: number;
  /** How long a message waits in this session's queue, seconds, 60 to 1,209,600. Default: the stack's, an hour. */
  readonly messageRetentionPeriod?: number;
}

/** An active session with its keys. */
export interface Session extends SessionKey {
  readonly userId?: number;
  readonly sqsUrl: string;
  readonly identityId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
  /** When the keys stop working, epoch seconds. */
  readonly expires: number;
}

/** What a page needs of its session. */
export type BrowserSession = Omit<Session, 'identityId'>;

/**
 * What to send to a page: nothing that it does not need, so not the `identityId`, which is half of what it takes to make
 * further keys.
 */
export const forBrowser = (session: Session): BrowserSession => {
  const { accountId, sessionId, userId, sqsUrl, accessKey, secretKey, sessionToken, expires } = session;
  const user = userId === undefined ? {} : { userId };
  return { accountId, sessionId, ...user, sqsUrl, accessKey, secretKey, sessionToken, expires };
};

/** What became of a notify call's message. */
export interface Notified {
  /** What browsers know it by. */
  readonly messageId: string;
  /** How many sessions it is for. */
  readonly sessions: number;
  /** How many queues took it by the time of the answer; what one did not take is deadLettered for redrive. */
  readonly delivered: number;
  /** There when so many sessions are meant that the rest is sent after the answer. */
  readonly continued?: boolean;
}
