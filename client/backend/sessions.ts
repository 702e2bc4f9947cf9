import type { Session, SessionKey } from '../shared/session.ts';

export type { ListedSession, Session, SessionKey } from '../shared/session.ts';

export interface NewSession extends SessionKey {
  /** A safe integer. */
  readonly userId?: number | undefined;
  /** How long a message waits in this session's queue, seconds, 60 to 1,209,600. Default: the stack's, an hour. */
  readonly messageRetentionPeriod?: number | undefined;
}

/** What a page needs of its session. */
export type BrowserSession = Omit<Session, 'identityId'>;

/**
 * Returns what to send to a page: nothing that it does not need. So not the `identityId`, which is half of what it takes to
 * make further keys.
 */
export const forBrowser = (session: Session): BrowserSession => {
  const { accountId, sessionId, userId, sqsUrl, accessKey, secretKey, sessionToken, expires } = session;
  const user = userId === undefined ? {} : { userId };
  return { accountId, sessionId, ...user, sqsUrl, accessKey, secretKey, sessionToken, expires };
};

/** What a notify call did with its message. */
export interface Notified {
  /** The id by which browsers know it. */
  readonly messageId: string;
  /** How many sessions it is for. */
  readonly sessions: number;
  /** How many queues had taken it when the answer was made. What a queue did not take is with the dead letters. */
  readonly delivered: number;
  /** There when so many sessions get the message that the rest follows after the answer. */
  readonly continued?: boolean;
}
