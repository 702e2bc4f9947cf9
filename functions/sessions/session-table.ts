import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { settle, settleUnless } from '../aws/aws-errors.ts';
import { openDocuments } from '../aws/clients.ts';
import type { SessionKey } from './request-checks.ts';
import { recordSchema, ttlOf, type Keys, type SeenVersion, type SessionRecord } from './session-record.ts';

/** The table of sessions, and the client that reaches it. */
export interface SessionTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export const openSessionTable = (name: string): SessionTable => ({ client: openDocuments(), name });

const conditionFailed = ['ConditionalCheckFailedException'];

/** Reads a session's record, with what has been written up to now; null when there is none. */
export const findRecord = async (
  table: SessionTable,
  { accountId, sessionId }: SessionKey,
): Promise<SessionRecord | null> => {
  const command = new GetCommand({ TableName: table.name, Key: { accountId, sessionId }, ConsistentRead: true });
  const { Item } = await settle('dynamodb:GetItem', table.client.send(command));
  return Item === undefined ? null : recordSchema.parse(Item);
};

/**
 * Writes a record in place of the one that was seen, or of none.
 * @returns false when the record is no longer the one that was seen: refreshed, renewed or destroyed, even if another
 * session of the same id with the same version has come in its place
 */
export const replaceRecord = async (
  table: SessionTable,
  record: SessionRecord,
  seen: SeenVersion | null,
): Promise<boolean> => {
  const answer = table.client.send(new PutCommand({ TableName: table.name, Item: record, ...condition(seen) }));
  return (await settleUnless('dynamodb:PutItem', answer, conditionFailed, null)) !== null;
};

const condition = (seen: SeenVersion | null) => {
  if (seen === null) return { ConditionExpression: 'attribute_not_exists(accountId)' };
  return {
    ConditionExpression: 'version = :version AND sessionName = :sessionName AND accessKey = :accessKey',
    ExpressionAttributeValues: {
      ':version': seen.version,
      ':sessionName': seen.sessionName,
      ':accessKey': seen.accessKey,
    },
  };
};

/**
 * Gives the session that was seen new keys. Other renewals in between are no obstacle: their keys stay valid as well.
 * @returns the record as it is now; null when the session was refreshed or destroyed
 */
export const updateKeys = async (
  table: SessionTable,
  seen: SessionRecord,
  keys: Keys,
): Promise<SessionRecord | null> => {
  const { accountId, sessionId, version, sessionName } = seen;
  const command = new UpdateCommand({
    TableName: table.name,
    Key: { accountId, sessionId },
    UpdateExpression:
      'SET accessKey = :accessKey, secretKey = :secretKey, sessionToken = :sessionToken, expires = :expires, #ttl = :ttl',
    ConditionExpression: 'version = :version AND sessionName = :sessionName',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':accessKey': keys.accessKey,
      ':secretKey': keys.secretKey,
      ':sessionToken': keys.sessionToken,
      ':expires': keys.expires,
      ':ttl': ttlOf(keys.expires),
      ':version': version,
      ':sessionName': sessionName,
    },
    ReturnValues: 'ALL_NEW',
  });
  const answer = await settleUnless('dynamodb:UpdateItem', table.client.send(command), conditionFailed, null);
  return answer && recordSchema.parse(answer.Attributes);
};

/**
 * Removes the record of the session with this queue; a refresh keeps the queue, so a refreshed session is removed too.
 * @returns what was removed; null when there is no such record, or it is of a later session of the same id
 */
export const removeRecord = async (table: SessionTable, session: SessionRecord): Promise<SessionRecord | null> => {
  const command = new DeleteCommand({
    TableName: table.name,
    Key: { accountId: session.accountId, sessionId: session.sessionId },
    ConditionExpression: 'queueUrl = :queueUrl',
    ExpressionAttributeValues: { ':queueUrl': session.queueUrl },
    ReturnValues: 'ALL_OLD',
  });
  const answer = await settleUnless('dynamodb:DeleteItem', table.client.send(command), conditionFailed, null);
  return answer?.Attributes === undefined ? null : recordSchema.parse(answer.Attributes);
};

/** A session as the index `byShard` shows it. */
const indexEntrySchema = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  shard: z.string(),
  expires: z.number(),
  queueUrl: z.string(),
  identityId: z.string(),
});
export type IndexEntry = z.output<typeof indexEntrySchema>;

/**
 * The sessions of a shard, those that expire first at the front, as the index has them: it lags behind the table.
 * @param goOn asked before each page; when it says no, null is answered
 */
export const readShard = async (
  table: SessionTable,
  shard: string,
  goOn: () => boolean,
): Promise<IndexEntry[] | null> => {
  const entries: IndexEntry[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    if (!goOn()) return null;
    const command = new QueryCommand({
      TableName: table.name,
      IndexName: 'byShard',
      // SHARD is one of DynamoDB's reserved words.
      KeyConditionExpression: '#shard = :shard',
      ExpressionAttributeNames: { '#shard': 'shard' },
      ExpressionAttributeValues: { ':shard': shard },
      ExclusiveStartKey: start,
    });
    const page = await settle('dynamodb:Query', table.client.send(command));
    entries.push(...z.array(indexEntrySchema).parse(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return entries;
};

/** Removes an expired session unless it was renewed, refreshed or replaced since the index was read; tells whether it did. */
export const removeExpired = async (table: SessionTable, entry: IndexEntry): Promise<boolean> => {
  const command = new DeleteCommand({
    TableName: table.name,
    Key: { accountId: entry.accountId, sessionId: entry.sessionId },
    ConditionExpression: 'expires = :expires AND queueUrl = :queueUrl',
    ExpressionAttributeValues: { ':expires': entry.expires, ':queueUrl': entry.queueUrl },
  });
  return (await settleUnless('dynamodb:DeleteItem', table.client.send(command), conditionFailed, null)) !== null;
};

/** Which part of a list is asked for. */
export interface ListPart {
  /** One account's sessions; without it, all. */
  readonly accountId?: number | undefined;
  /** Records looked at, expired ones too. */
  readonly limit: number;
  /** The last session of the part before. */
  readonly after?: SessionKey | undefined;
  /** Epoch seconds; sessions that expire by then are left out. */
  readonly now: number;
}

/** A part of the list of active sessions, and where it ended unless there is nothing more. */
export interface ListedPart {
  readonly records: readonly SessionRecord[];
  readonly last?: SessionKey;
}

export const listRecords = async (
  table: SessionTable,
  { accountId, limit, after, now }: ListPart,
): Promise<ListedPart> => {
  const input = {
    TableName: table.name,
    Limit: limit,
    ConsistentRead: true,
    FilterExpression: 'expires > :now',
    ExclusiveStartKey: after && { accountId: after.accountId, sessionId: after.sessionId },
  };
  const { Items, LastEvaluatedKey } =
    accountId === undefined
      ? await settle(
          'dynamodb:Scan',
          table.client.send(new ScanCommand({ ...input, ExpressionAttributeValues: { ':now': now } })),
        )
      : await settle(
          'dynamodb:Query',
          table.client.send(
            new QueryCommand({
              ...input,
              KeyConditionExpression: 'accountId = :accountId',
              ExpressionAttributeValues: { ':now': now, ':accountId': accountId },
            }),
          ),
        );
  const records = z.array(recordSchema).parse(Items ?? []);
  return LastEvaluatedKey === undefined ? { records } : { records, last: LastEvaluatedKey as unknown as SessionKey };
};
