import * as z from 'zod/mini';
import { SessionConflict } from '../aws/errors.ts';
import { describeSession, keysSchema, recordSchema, type Description } from '../sessions/session-record.ts';
import { openSessionTable, updateKeys, type SessionTable } from '../sessions/session-table.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ session: recordSchema, keys: keysSchema });

/**
 * Writes a session's new keys into the table. Doing it twice is doing it once; of two renewals at once both succeed.
 * @throws SessionConflict when the session was refreshed or destroyed since it was found
 */
export const handle =
  ({ table }: { readonly table: SessionTable }) =>
  async (input: unknown): Promise<Description> => {
    const { session, keys } = inputSchema.parse(input);
    const record = await updateKeys(table, session, keys);
    if (!record) throw new SessionConflict();
    return describeSession(record);
  };

export const handler = task('record-keys', ['sessionTableName'], ({ environment }) =>
  handle({ table: openSessionTable(environment.sessionTableName) }),
);
