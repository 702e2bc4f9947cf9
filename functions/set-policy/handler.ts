import * as z from 'zod/mini';
import { readEnvironment, type Environment } from '../aws/environment.ts';
import { SessionConflict, UpstreamUnavailable } from '../aws/failures.ts';
import { openQueues, type Queues } from '../sessions/queues.ts';
import { openSessionTable, removeRecord, type SessionTable } from '../sessions/session-table.ts';
import { reconcilePolicy } from '../sessions/reconcile-policy.ts';
import { task } from '../aws/task.ts';

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
  readonly now: () => number;
}

/**
 * SQS may not know a queue in the first second after it was made (CreateQueue in its API reference): seconds in which one
 * that is not found is still waited for.
 */
const newQueueTime = 5;

/**
 * Lets the keys of the session's record in, and all others out. The queue keeps its retention unless the request names
 * another. A session whose queue has vanished can be neither used nor refreshed: its record is removed.
 * @throws SessionConflict when the session or its queue is gone; UpstreamUnavailable when the queue is too new to be known
 */
export const handle =
  (
    { table, queues, now }: Dependencies,
    environment: Environment<'queueArnPrefix' | 'browserRoleArn' | 'browserRoleId'>,
  ) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { request } = inputSchema.parse(input);
    const policy = await reconcilePolicy({ table, queues }, environment, request);
    if (policy.is === 'in step') return {};
    if (policy.is === 'without queue') {
      if (now() < (policy.session.createdAt + newQueueTime) * 1000)
        throw new UpstreamUnavailable('sqs:SetQueueAttributes does not know the new queue yet');
      await removeRecord(table, policy.session);
    }
    throw new SessionConflict();
  };

export const handler = task('set-policy', () => {
  const environment = readEnvironment(['sessionTableName', 'queueArnPrefix', 'browserRoleArn', 'browserRoleId']);
  const table = openSessionTable(environment.sessionTableName);
  return handle({ table, queues: openQueues(), now: () => Date.now() }, environment);
});
