import * as z from 'zod/mini';
import { queueNameOf, shardOf } from './queue-names.ts';
import type { SessionKey, SessionRequest } from './request-checks.ts';
import { routeOf } from '../aws/session-route.ts';

/** A guest identity and the session name that queue policies know its keys by. */
export const identitySchema = z.object({ identityId: z.string(), sessionName: z.string() });
export type Identity = z.output<typeof identitySchema>;

/** Temporary keys of one role session; `expires` in epoch seconds. */
export const keysSchema = z.object({
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
  expires: z.number(),
});
export type Keys = z.output<typeof keysSchema>;

/** A session as the table holds it. */
export const recordSchema = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  userId: z.exactOptional(z.number()),
  queueUrl: z.string(),
  identityId: z.string(),
  sessionName: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
  expires: z.number(),
  /** Epoch seconds; a refresh keeps it. */
  createdAt: z.number(),
  /** Counts the session's identities: 1 for a new session, one more with every refresh; a renewal keeps it. */
  version: z.number(),
  shard: z.string(),
  route: z.string(),
  /** Epoch seconds at which DynamoDB drops the item if the cleanup has not. */
  ttl: z.number(),
});
export type SessionRecord = z.output<typeof recordSchema>;

/** What a record is told by: another refresh, renewal or session has another. */
export type SeenVersion = Pick<SessionRecord, 'version' | 'sessionName' | 'accessKey'>;

/** A session as a caller sees it. */
export interface Description extends SessionKey, Keys {
  readonly userId?: number;
  readonly sqsUrl: string;
  readonly identityId: string;
}

const week = 7 * 24 * 3600;

/** What a record is made of. */
export interface RecordParts {
  readonly request: SessionRequest;
  /** The record that is to be replaced. */
  readonly session: SessionRecord | null;
  readonly identity: Identity;
  readonly keys: Keys;
  readonly queueUrl: string;
}

/**
 * The record of a new or refreshed session. The user is the request's: a refresh that names none ends the association
 * with the user it had.
 * @param now epoch milliseconds
 */
export const newRecord = ({ request, session, identity, keys, queueUrl }: RecordParts, now: number): SessionRecord => {
  const { accountId, sessionId, userId } = request;
  return {
    accountId,
    sessionId,
    ...(userId !== undefined && { userId }),
    queueUrl,
    identityId: identity.identityId,
    sessionName: identity.sessionName,
    ...keys,
    createdAt: session?.createdAt ?? Math.floor(now / 1000),
    version: (session?.version ?? 0) + 1,
    shard: shardOf(queueNameOf(queueUrl)),
    route: routeOf({ userId, sessionId }),
    ttl: ttlOf(keys.expires),
  };
};

/** When an item may be dropped unasked, a week after its keys expired; both in epoch seconds. */
export const ttlOf = (expires: number): number => expires + week;

/** @param now epoch milliseconds */
export const isActive = ({ expires }: { readonly expires: number }, now: number): boolean => expires * 1000 > now;

export const describeSession = (record: SessionRecord): Description => {
  const { accountId, sessionId, userId, queueUrl, identityId, accessKey, secretKey, sessionToken, expires } = record;
  const user = userId !== undefined && { userId };
  return { accountId, sessionId, ...user, sqsUrl: queueUrl, identityId, accessKey, secretKey, sessionToken, expires };
};
