import * as z from 'zod/mini';
import { settle, settleUnless } from '../aws/errors.ts';
import type { SessionTable } from '../sessions/session-record.ts';

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
    const sent = table.client.call('Query', {
      TableName: table.name,
      IndexName: 'byShard',
      // SHARD is one of DynamoDB's reserved words.
      KeyConditionExpression: '#shard = :shard',
      ExpressionAttributeNames: { '#shard': 'shard' },
      ExpressionAttributeValues: { ':shard': shard },
      ExclusiveStartKey: start,
    });
    const page = await settle('dynamodb:Query', sent);
    entries.push(...z.array(indexEntrySchema).parse(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return entries;
};

/** Removes an expired session unless it was renewed, refreshed or replaced since the index was read. @returns whether it did */
export const removeExpired = async (table: SessionTable, entry: IndexEntry): Promise<boolean> => {
  const sent = table.client.call('DeleteItem', {
    TableName: table.name,
    Key: { accountId: entry.accountId, sessionId: entry.sessionId },
    ConditionExpression: 'expires = :expires AND queueUrl = :queueUrl',
    ExpressionAttributeValues: { ':expires': entry.expires, ':queueUrl': entry.queueUrl },
  });
  return (await settleUnless('dynamodb:DeleteItem', sent, ['ConditionalCheckFailedException'], null)) !== null;
};
