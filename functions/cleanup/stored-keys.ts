import * as z from 'zod/mini';
import { settle, settleUnless } from '../aws/errors.ts';
import { keyAttributes, type SessionTable } from '../sessions/session-record.ts';

/** Which part of the table is looked at. */
export interface Segment {
  readonly segment: number;
  readonly totalSegments: number;
}

const keySchema = z.array(z.object({ accountId: z.number(), sessionId: z.string() }));

/**
 * Removes the keys that records of older versions hold.
 * @param goOn asked before each page
 * @returns whether there was time for all of the segment
 */
export const removeStoredKeys = async (
  table: SessionTable,
  { segment, totalSegments }: Segment,
  goOn: () => boolean,
): Promise<boolean> => {
  let start: Record<string, unknown> | undefined;
  do {
    if (!goOn()) return false;
    const sent = table.client.call('Scan', {
      TableName: table.name,
      Segment: segment,
      TotalSegments: totalSegments,
      FilterExpression: keyAttributes.map((name) => `attribute_exists(${name})`).join(' OR '),
      ProjectionExpression: 'accountId, sessionId',
      ExclusiveStartKey: start,
    });
    const page = await settle('dynamodb:Scan', sent);
    for (const key of keySchema.parse(page.Items ?? [])) await removeKeys(table, key);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return true;
};

const removeKeys = async (table: SessionTable, key: { accountId: number; sessionId: string }): Promise<void> => {
  const sent = table.client.call('UpdateItem', {
    TableName: table.name,
    Key: key,
    UpdateExpression: `REMOVE ${keyAttributes.join(', ')}`,
    ConditionExpression: 'attribute_exists(accountId)',
  });
  const gone = ['ConditionalCheckFailedException'];
  await settleUnless('dynamodb:UpdateItem', sent, gone, undefined);
};
