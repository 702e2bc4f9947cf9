import * as z from 'zod/mini';
import type { SessionKey } from '../../client/shared/session.ts';
import { settle } from '../aws/errors.ts';
import { readRecord, type SessionRecord, type SessionTable } from '../sessions/session-record.ts';

const keySchema = z.object({ accountId: z.number(), sessionId: z.string() });

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

/** A part of the list of active sessions. `last` is missing when nothing follows. */
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
          table.client.call('Scan', { ...input, ExpressionAttributeValues: { ':now': now } }),
        )
      : await settle(
          'dynamodb:Query',
          table.client.call('Query', {
            ...input,
            KeyConditionExpression: 'accountId = :accountId',
            ExpressionAttributeValues: { ':now': now, ':accountId': accountId },
          }),
        );
  const records = (Items ?? []).map(readRecord);
  return LastEvaluatedKey === undefined ? { records } : { records, last: keySchema.parse(LastEvaluatedKey) };
};
