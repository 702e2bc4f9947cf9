import * as z from 'zod/mini';
import { SessionConflict } from '../aws/errors.ts';
import {
  describeSession,
  identitySchema,
  keysSchema,
  newRecord,
  recordSchema,
  type Description,
} from '../sessions/session-record.ts';
import { findRecord, openSessionTable, replaceRecord, type SessionTable } from '../sessions/session-table.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  request: z.object({ accountId: z.number(), sessionId: z.string(), userId: z.exactOptional(z.number()) }),
  session: z.nullable(recordSchema),
  identity: identitySchema,
  keys: keysSchema,
  queueUrl: z.string(),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

/**
 * Writes the session into the table, in place of the one that was found or of none. Done again after its answer was
 * lost, it finds its own identity there and succeeds.
 *
 * The request says what holds: a refresh without a userId ends the association with the user the session had.
 * @throws SessionConflict when the session is not as it was found
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<Description> => {
    const parts = inputSchema.parse(input);
    const record = newRecord(parts, now());
    if (await replaceRecord(table, record, parts.session)) return describeSession(record);
    const winner = await findRecord(table, record);
    if (winner?.sessionName !== record.sessionName) throw new SessionConflict();
    return describeSession(winner);
  };

export const handler = task('record-session', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
