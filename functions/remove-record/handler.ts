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
 * Removes the session's record and returns what is left to delete. It also removes a session that was refreshed since it was found, and
 * returns that record's identity. If an earlier attempt or another request removed the record, the queue and the identity that were found
 * are deleted once more, which changes nothing. A session that was created since then stays.
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
