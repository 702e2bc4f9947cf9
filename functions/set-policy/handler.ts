import * as z from 'zod/mini';
import { openSqs, type SQSClient } from '../aws/clients.ts';
import { queuePolicyVariables, type Environment } from '../aws/environment.ts';
import { QueueDoesNotExist, SessionConflict } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import type { QueuePolicyContext } from '../sessions/queues.ts';
import { reconcilePolicy } from '../sessions/reconcile-policy.ts';
import { isNewQueue, openSessionTable, removeRecord, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.object({
    accountId: z.number(),
    sessionId: z.string(),
    messageRetentionPeriod: z.exactOptional(z.number()),
  }),
  /** The seed of the session name of the keys that the caller will get. */
  nameSeed: z.string(),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly now: () => number;
}

/**
 * Sets the queue's policy so that it lets in the session names of the session's record, and no others. The queue keeps its retention
 * unless the request names another. A session without its queue can be neither used nor refreshed: its record is removed.
 * @throws SessionConflict when the session or its queue no longer exists, or the session was refreshed, so that the caller's keys
 * are shut out; QueueDoesNotExist when the queue may only be too new
 */
export const handle =
  ({ table, sqs, now }: Dependencies, environment: QueuePolicyContext & Environment<'queueArnPrefix'>) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { request, nameSeed } = inputSchema.parse(input);
    const policy = await reconcilePolicy({ table, sqs }, environment, request);
    if (policy.type === 'reconciled' && policy.session.nameSeed === nameSeed) return {};
    if (policy.type === 'without queue') {
      if (isNewQueue(policy.session, now())) throw new QueueDoesNotExist('sqs:SetQueueAttributes');
      await removeRecord(table, policy.session);
    }
    throw new SessionConflict();
  };

export const handler = task('set-policy', [...queuePolicyVariables, 'queueArnPrefix'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), sqs: openSqs(), now }, environment),
);
