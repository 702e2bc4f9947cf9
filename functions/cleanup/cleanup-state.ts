import * as z from 'zod/mini';
import { present, settle } from '../aws/errors.ts';
import type { SessionTable } from '../sessions/session-record.ts';

const stateSchema = z.object({
  /** DynamoDB's id of the table. A restored table has another id than the table of the backup. */
  tableId: z.string(),
  /** Whether the table was restored: it held a state of another table when the cleanup first saw it. */
  restored: z.boolean(),
  /** Epoch seconds: since when the stack has used this table. */
  since: z.number(),
  /** Where the next sweep of identities continues. */
  identityToken: z.exactOptional(z.string()),
});
export type CleanupState = z.output<typeof stateSchema>;

/** Where the state is kept among the sessions: an account's id is an integer, so no session has this key. */
const key = { accountId: 0.5, sessionId: 'cleanup' };

/**
 * Reads what the cleanup knows of the table, and writes it when it sees the table for the first time. A table without a state is new: it
 * has had every session since it was made. A state with another table's id came with a backup: the table was restored.
 * @param now epoch seconds
 */
export const readState = async (table: SessionTable, now: number): Promise<CleanupState> => {
  const description = table.client.call('DescribeTable', { TableName: table.name });
  const { Table } = await settle('dynamodb:DescribeTable', description);
  const tableId = present('dynamodb:DescribeTable', Table?.TableId);
  const created = present('dynamodb:DescribeTable', Table?.CreationDateTime);
  const sent = table.client.call('GetItem', { TableName: table.name, Key: key, ConsistentRead: true });
  const { Item } = await settle('dynamodb:GetItem', sent);
  const known = stateSchema.safeParse(Item).data;
  if (known?.tableId === tableId) return known;
  const restored = known !== undefined;
  const state = { tableId, restored, since: restored ? now : Math.floor(created) };
  await writeState(table, state);
  return state;
};

export const writeState = async (table: SessionTable, state: CleanupState): Promise<void> => {
  const sent = table.client.call('PutItem', { TableName: table.name, Item: { ...key, ...state } });
  await settle('dynamodb:PutItem', sent);
};
