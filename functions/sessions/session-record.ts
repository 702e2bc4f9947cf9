import * as z from 'zod/mini';
import type { ListedSession, Session, SessionKeys } from '../../client/shared/session.ts';
import { queueNameOf, shardOf } from './queue-names.ts';
import type { SessionRequest } from './request-checks.ts';
import { routeOf } from '../aws/session-route.ts';

/** A Cognito identity, and the role session names that its queue's policy lets in: in use, and next. */
export const identitySchema = z.object({
  identityId: z.string(),
  sessionName: z.string(),
  nextSessionName: z.string(),
});
export type Identity = z.output<typeof identitySchema>;

/** Temporary credentials of one role session; `expires` in epoch seconds. */
export const keysSchema = z.object({
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
  expires: z.number(),
} satisfies Record<keyof SessionKeys | 'expires', unknown>);
export type Keys = z.output<typeof keysSchema>;

/** A session as the table has it. Its keys are issued, answered and forgotten. */
export const recordSchema = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  userId: z.exactOptional(z.number()),
  queueUrl: z.string(),
  identityId: z.string(),
  /** The role session name of the keys in use. */
  sessionName: z.string(),
  /** The name of the keys that a refresh will issue, in the queue's policy already; missing in records of older versions. */
  nextSessionName: z.exactOptional(z.string()),
  expires: z.number(),
  /** Epoch seconds; a refresh keeps it. */
  createdAt: z.number(),
  /** 1 for a new session, one more with every refresh; a renewal keeps it. */
  version: z.number(),
  shard: z.string(),
  route: z.string(),
  /** Epoch seconds at which DynamoDB drops the item if the cleanup has not. */
  ttl: z.number(),
});
export type SessionRecord = z.output<typeof recordSchema>;

/** What identifies a state of a record: another refresh or another session has another. */
export type SeenVersion = Pick<SessionRecord, 'version' | 'sessionName'>;

const week = 7 * 24 * 3600;

/** What a record is made of. */
export interface RecordParts {
  readonly request: SessionRequest;
  /** The record that is to be replaced. */
  readonly session: SessionRecord | null;
  readonly identity: Identity;
  /** Epoch seconds. */
  readonly expires: number;
  readonly queueUrl: string;
}

/**
 * The record of a new or refreshed session. The user is the request's: a refresh that names none ends the association
 * with the user it had.
 * @param now epoch milliseconds
 */
export const newRecord = (
  { request, session, identity, expires, queueUrl }: RecordParts,
  now: number,
): SessionRecord => {
  const { accountId, sessionId, userId } = request;
  return {
    accountId,
    sessionId,
    ...(userId !== undefined && { userId }),
    queueUrl,
    identityId: identity.identityId,
    sessionName: identity.sessionName,
    nextSessionName: identity.nextSessionName,
    expires,
    createdAt: session?.createdAt ?? Math.floor(now / 1000),
    version: (session?.version ?? 0) + 1,
    shard: shardOf(queueNameOf(queueUrl)),
    route: routeOf({ userId, sessionId }),
    ttl: ttlOf(expires),
  };
};

/** When an item may be dropped unasked, a week after its keys expired; both in epoch seconds. */
export const ttlOf = (expires: number): number => expires + week;

/** @param now epoch milliseconds */
export const isActive = ({ expires }: { readonly expires: number }, now: number): boolean => expires * 1000 > now;

/** A session as a list shows it. */
export const listedSession = (record: SessionRecord): ListedSession => {
  const { accountId, sessionId, userId, queueUrl, identityId, expires } = record;
  return { accountId, sessionId, ...(userId !== undefined && { userId }), sqsUrl: queueUrl, identityId, expires };
};

/** A session with keys: what create and renew answer. */
export const describeSession = (record: SessionRecord, keys: Keys): Session => ({ ...listedSession(record), ...keys });
