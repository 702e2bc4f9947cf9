import * as z from 'zod/mini';
import {
  recordSchema,
  openSessionTable,
  removeRecord,
  type SessionRecord,
  type SessionTable,
} from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ session: recordSchema });

/**
 * Removes the session's record and answers what is left to delete. A refresh since the session was found does not save
 * it, and its identity is the one to delete. If an earlier try or another request removed the record, the queue and the
 * identity that were found are deleted once more, which does no harm. A session that was created since then stays.
 */
export const handle =
  ({ table }: { readonly table: SessionTable }) =>
  async (input: unknown): Promise<Pick<SessionRecord, 'queueUrl' | 'identityId' | 'createdAt'>> => {
    const { session } = inputSchema.parse(input);
    const { queueUrl, identityId, createdAt } = (await removeRecord(table, session)) ?? session;
    return { queueUrl, identityId, createdAt };
  };

export const handler = task('remove-record', ['sessionTableName'], ({ environment }) =>
  handle({ table: openSessionTable(environment.sessionTableName) }),
);
