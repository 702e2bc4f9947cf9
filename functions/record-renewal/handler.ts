import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { SessionConflict } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import {
  describeSession,
  keysSchema,
  recordSchema,
  extendSession,
  openSessionTable,
  type SessionTable,
} from '../sessions/session-record.ts';

const inputSchema = z.object({ session: recordSchema, keys: keysSchema });

/**
 * Writes the new expiry of a renewed session into the table, and returns the session with its keys. A repetition has no further
 * effect, and two renewals at once both succeed.
 * @throws SessionConflict when the session was refreshed or destroyed since it was found
 */
export const handle =
  ({ table }: { readonly table: SessionTable }) =>
  async (input: unknown): Promise<Session> => {
    const { session, keys } = inputSchema.parse(input);
    const record = await extendSession(table, session, keys.expires);
    if (!record) throw new SessionConflict();
    return describeSession(record, keys);
  };

export const handler = task('record-renewal', ['sessionTableName'], ({ environment }) =>
  handle({ table: openSessionTable(environment.sessionTableName) }),
);
