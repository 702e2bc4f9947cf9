import * as z from 'zod/mini';
import { readEnvironment, type Environment } from '../environment.ts';
import { SessionConflict } from '../sessions/failures.ts';
import { openQueues, type Queues } from '../sessions/queues.ts';
import { openSessionTable, type SessionTable } from '../sessions/session-table.ts';
import { syncPolicy } from '../sessions/sync-policy.ts';
import { task } from '../sessions/task.ts';

const inputSchema = z.object({
  request: z.object({
    accountId: z.number(),
    sessionId: z.string(),
    messageRetentionPeriod: z.exactOptional(z.number()),
  }),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly queues: Queues;
}

/**
 * Lets the keys of the session's new identity in, and those of the one before out. The queue keeps its retention unless the
 * request names another.
 * @throws SessionConflict when the session or its queue is gone
 */
export const handle =
  (dependencies: Dependencies, environment: Environment<'queueArnPrefix' | 'browserRoleArn' | 'browserRoleId'>) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { request } = inputSchema.parse(input);
    if ((await syncPolicy(dependencies, environment, request)) !== 'in step') throw new SessionConflict();
    return {};
  };

export const handler = task('set-policy', () => {
  const environment = readEnvironment(['sessionTableName', 'queueArnPrefix', 'browserRoleArn', 'browserRoleId']);
  return handle({ table: openSessionTable(environment.sessionTableName), queues: openQueues() }, environment);
});
