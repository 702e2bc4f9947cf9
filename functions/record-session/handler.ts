import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { SessionConflict } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import {
  describeSession,
  identitySchema,
  keysSchema,
  newRecord,
  recordSchema,
  findRecord,
  openSessionTable,
  replaceRecord,
  type SessionTable,
} from '../sessions/session-record.ts';

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
 * Writes the session into the table, if the one that was found, or none, is still there. The keys are in the answer only. A repetition
 * after a lost answer finds its own next seed in the record and succeeds.
 *
 * The request replaces what was there: a refresh without a userId ends the session's association with its user.
 * @throws SessionConflict when the session is not as it was found
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<Session> => {
    const { keys, ...parts } = inputSchema.parse(input);
    const record = newRecord({ ...parts, expires: keys.expires }, now());
    if (await replaceRecord(table, record, parts.session)) return describeSession(record, keys);
    const winner = await findRecord(table, record);
    // Refreshes at the same time put the same seed into use, but each has its own next seed.
    if (!winner || winner.nextNameSeed !== record.nextNameSeed) throw new SessionConflict();
    return describeSession(winner, keys);
  };

export const handler = task('record-session', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
