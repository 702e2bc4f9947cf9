import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { ListedSession, Session, SessionKey, SessionKeys } from '../../client/shared/session.ts';
import { openDocuments, type DynamoDBDocumentClient } from '../aws/clients.ts';
import { settle, settleUnless } from '../aws/errors.ts';

/** A checked request to a session's machine. */
export interface SessionRequest extends SessionKey {
  readonly userId?: number;
  /** Seconds a message waits in the session's queue, unless the stack's default is meant. */
  readonly messageRetentionPeriod?: number;
}

/** A Cognito identity, and the seeds of the role session names that its queue's policy lets in: in use, and next. */
export const identitySchema = z.object({
  identityId: z.string(),
  nameSeed: z.string(),
  nextNameSeed: z.string(),
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
  /** The seed of the role session name of the keys in use. */
  nameSeed: z.string(),
  /**
   * The seed of the name of the keys that a refresh will issue, in the queue's policy already; missing in records of older
   * versions.
   */
  nextNameSeed: z.exactOptional(z.string()),
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

/** What identifies a state of a record: each refresh, and each session, has another one. */
export type SeenVersion = Pick<SessionRecord, 'version' | 'queueUrl'>;

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
    nameSeed: identity.nameSeed,
    nextNameSeed: identity.nextNameSeed,
    expires,
    createdAt: session?.createdAt ?? Math.floor(now / 1000),
    version: (session?.version ?? 0) + 1,
    shard: shardOf(queueUrl),
    route: routeOf({ userId, sessionId }),
    ttl: ttlOf(expires),
  };
};

/** The parts that the cleanup divides queues and records into: the first random digit of a queue's name. */
export const shards: readonly string[] = Array.from('0123456789abcdef');

/** The shard of a queue, from its URL or its name: `<prefix>-<32 hex digits>`. */
export const shardOf = (queueUrl: string): string => queueUrl.charAt(queueUrl.lastIndexOf('-') + 1);

/** DynamoDB's limit for a sort key, in bytes of UTF-8. */
const maxSortKeyBytes = 1024;

/**
 * The sort key of the index `routes`: it puts the sessions of one user side by side, under `u#<userId>#`, and those that
 * have no user under `s#`.
 *
 * An id of 255 characters outside the basic plane has 1020 bytes, which leaves no room for a user's prefix. Such an id is
 * replaced by its SHA-256 in hex, four times over: 256 characters are one more than an id can have, so that no session's
 * route is another's.
 */
export const routeOf = ({
  userId,
  sessionId,
}: {
  readonly userId?: number | undefined;
  readonly sessionId: string;
}): string => {
  const prefix = routePrefix(userId);
  const route = prefix + sessionId;
  if (Buffer.byteLength(route) <= maxSortKeyBytes) return route;
  return prefix + createHash('sha256').update(sessionId).digest('hex').repeat(4);
};

/** What the routes of a user's sessions start with, or of the sessions that have no user. */
export const routePrefix = (userId: number | undefined): string => (userId === undefined ? 's#' : `u#${userId}#`);

/** When DynamoDB may delete an item: a week after its keys expired. Both in epoch seconds. */
export const ttlOf = (expires: number): number => expires + week;

/** @param now epoch milliseconds */
export const isActive = ({ expires }: { readonly expires: number }, now: number): boolean => expires * 1000 > now;

/**
 * How long a queue that SQS does not know may only be too new, in milliseconds. CreateQueue's API reference says to wait "at least
 * one second" and states no maximum. SQS's servers may disagree about a deletion for a minute (DeleteQueue).
 */
const newQueueTime = 60_000;

/**
 * Whether a session's queue may be too new to be known to SQS.
 * @param createdAt of the session, epoch seconds
 * @param now epoch milliseconds
 */
export const isNewQueue = ({ createdAt }: { readonly createdAt: number }, now: number): boolean =>
  now - createdAt * 1000 < newQueueTime;

/** A session as a list shows it. */
export const listedSession = (record: SessionRecord): ListedSession => {
  const { accountId, sessionId, userId, queueUrl, identityId, expires } = record;
  return { accountId, sessionId, ...(userId !== undefined && { userId }), sqsUrl: queueUrl, identityId, expires };
};

/** A session with keys: what create and renew answer. */
export const describeSession = (record: SessionRecord, keys: Keys): Session => ({ ...listedSession(record), ...keys });

/** The table of sessions, and the client that reaches it. */
export interface SessionTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export const openSessionTable = (name: string): SessionTable => ({ client: openDocuments(), name });

const conditionFailed = ['ConditionalCheckFailedException'];

/** Attributes of records of older versions, which must be removed. */
export const keyAttributes = ['accessKey', 'secretKey', 'sessionToken'] as const;

/** The session names themselves, which records of older versions have in place of the seeds. */
const nameAttributes = ['sessionName', 'nextSessionName'] as const;

/**
 * Reads an item. The session names of an older version become seeds. The names derived from these are new; the next renewal or refresh
 * puts them into the queue's policy.
 */
export const readRecord = (item: Readonly<Record<string, unknown>>): SessionRecord => {
  const { sessionName, nextSessionName, ...rest } = item;
  const seeds = { ...(nextSessionName !== undefined && { nextNameSeed: nextSessionName }), nameSeed: sessionName };
  return recordSchema.parse(sessionName === undefined ? rest : { ...seeds, ...rest });
};

/** Reads a session's record, strongly consistent; null when there is none. */
export const findRecord = async (
  table: SessionTable,
  { accountId, sessionId }: SessionKey,
): Promise<SessionRecord | null> => {
  const sent = table.client.call('GetItem', {
    TableName: table.name,
    Key: { accountId, sessionId },
    ConsistentRead: true,
  });
  const { Item } = await settle('dynamodb:GetItem', sent);
  return Item === undefined ? null : readRecord(Item);
};

/**
 * Writes a record if the one that was seen, or none, is still there. A renewal in between does not matter.
 * @returns false when the record is no longer the one that was seen: refreshed or destroyed, even if another session of
 * the same id with the same version has come in its place
 */
export const replaceRecord = async (
  table: SessionTable,
  record: SessionRecord,
  seen: SeenVersion | null,
): Promise<boolean> => {
  const answer = table.client.call('PutItem', {
    TableName: table.name,
    Item: record,
    ...(seen ? stillAs(seen) : { ConditionExpression: 'attribute_not_exists(accountId)' }),
  });
  return (await settleUnless('dynamodb:PutItem', answer, conditionFailed, null)) !== null;
};

/** The condition that a record has not changed since it was seen. */
const stillAs = ({ version, queueUrl }: SeenVersion) => ({
  ConditionExpression: 'version = :version AND queueUrl = :queueUrl',
  ExpressionAttributeValues: { ':version': version, ':queueUrl': queueUrl },
});

/**
 * Records that the keys of the session that was seen expire later.
 * @param expires epoch seconds
 * @returns the record as it is now; null when the session was refreshed or destroyed
 */
export const extendSession = async (
  table: SessionTable,
  seen: SessionRecord,
  expires: number,
): Promise<SessionRecord | null> => {
  const { accountId, sessionId, nameSeed, nextNameSeed } = seen;
  const { ConditionExpression, ExpressionAttributeValues } = stillAs(seen);
  const values = { nameSeed, ...(nextNameSeed !== undefined && { nextNameSeed }), expires, ttl: ttlOf(expires) };
  const set = Object.keys(values).map((name) => `#${name} = :${name}`);
  const removed = [...keyAttributes, ...nameAttributes].join(', ');
  const sent = table.client.call('UpdateItem', {
    TableName: table.name,
    Key: { accountId, sessionId },
    UpdateExpression: `SET ${set.join(', ')} REMOVE ${removed}`,
    ConditionExpression,
    ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
    },
    ReturnValues: 'ALL_NEW',
  });
  const answer = await settleUnless('dynamodb:UpdateItem', sent, conditionFailed, null);
  return answer && readRecord(answer.Attributes ?? {});
};

/**
 * Removes the record of the session with this queue; a refresh keeps the queue, so a refreshed session is removed too.
 * @returns what was removed; null when there is no such record, or it is of a later session of the same id
 */
export const removeRecord = async (table: SessionTable, session: SessionRecord): Promise<SessionRecord | null> => {
  const sent = table.client.call('DeleteItem', {
    TableName: table.name,
    Key: { accountId: session.accountId, sessionId: session.sessionId },
    ConditionExpression: 'queueUrl = :queueUrl',
    ExpressionAttributeValues: { ':queueUrl': session.queueUrl },
    ReturnValues: 'ALL_OLD',
  });
  const answer = await settleUnless('dynamodb:DeleteItem', sent, conditionFailed, null);
  return answer?.Attributes === undefined ? null : readRecord(answer.Attributes);
};
