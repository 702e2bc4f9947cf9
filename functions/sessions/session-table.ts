import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { settle, settleUnless } from '../aws/aws-errors.ts';
import { openDocuments } from '../aws/clients.ts';
import type { SessionKey } from '../../client/shared/session.ts';
import { recordSchema, ttlOf, type SeenVersion, type SessionRecord } from './session-record.ts';

/** The table of sessions, and the client that reaches it. */
export interface SessionTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export const openSessionTable = (name: string): SessionTable => ({ client: openDocuments(), name });

const conditionFailed = ['ConditionalCheckFailedException'];

/** What records of older versions have besides: they must not stay. */
export const keyAttributes = ['accessKey', 'secretKey', 'sessionToken'] as const;

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
 * Writes a record in place of the one that was seen, or of none. A renewal meanwhile is no obstacle.
 * @returns false when the record is no longer the one that was seen: refreshed or destroyed, even if another session of
 * the same id with the same version has come in its place
 */
export const replaceRecord = async (
  table: SessionTable,
  record: SessionRecord,
  seen: SeenVersion | null,
): Promise<boolean> => {
  const answer = table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: record,
      ...(seen ? stillAs(seen) : { ConditionExpression: 'attribute_not_exists(accountId)' }),
    }),
  );
  return (await settleUnless('dynamodb:PutItem', answer, conditionFailed, null)) !== null;
};

/** The condition that a record is as it was seen. */
const stillAs = ({ version, sessionName }: SeenVersion) => ({
  ConditionExpression: 'version = :version AND sessionName = :sessionName',
  ExpressionAttributeValues: { ':version': version, ':sessionName': sessionName },
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
  const { accountId, sessionId } = seen;
  const { ConditionExpression, ExpressionAttributeValues } = stillAs(seen);
  const command = new UpdateCommand({
    TableName: table.name,
    Key: { accountId, sessionId },
    UpdateExpression: `SET expires = :expires, #ttl = :ttl REMOVE ${keyAttributes.join(', ')}`,
    ConditionExpression,
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':expires': expires, ':ttl': ttlOf(expires) },
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
