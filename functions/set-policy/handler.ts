import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { openSqs } from '../aws/clients.ts';
import { queuePolicyVariables, type Environment } from '../aws/environment.ts';
import { SessionConflict, UpstreamUnavailable } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import type { QueuePolicyContext } from '../sessions/queues.ts';
import { reconcilePolicy } from '../sessions/reconcile-policy.ts';
import { openSessionTable, removeRecord, type SessionTable } from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.object({
    accountId: z.number(),
    sessionId: z.string(),
    messageRetentionPeriod: z.exactOptional(z.number()),
  }),
  /** The session name of the keys that the caller is about to get. */
  nameSeed: z.string(),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly now: () => number;
}

/**
 * SQS may not know a queue in the first second after it was made (CreateQueue in its API reference): seconds in which one
 * that is not found is still waited for.
 */
const newQueueTime = 5;

/**
 * Makes the queue let in the session names of the session's record, and no others. The queue keeps its retention unless
 * the request names another. A session whose queue has vanished can be neither used nor refreshed: its record is removed.
 * @throws SessionConflict when the session or its queue is gone, or the session was refreshed, so that the caller's keys
 * are shut out; UpstreamUnavailable when the queue is too new to be known
 */
export const handle =
  ({ table, sqs, now }: Dependencies, environment: QueuePolicyContext & Environment<'queueArnPrefix'>) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { request, nameSeed } = inputSchema.parse(input);
    const policy = await reconcilePolicy({ table, sqs }, environment, request);
    if (policy.type === 'reconciled' && policy.session.nameSeed === nameSeed) return {};
    if (policy.type === 'without queue') {
      if (now() < (policy.session.createdAt + newQueueTime) * 1000)
        throw new UpstreamUnavailable('sqs:SetQueueAttributes does not know the new queue yet');
      await removeRecord(table, policy.session);
    }
    throw new SessionConflict();
  };

export const handler = task('set-policy', [...queuePolicyVariables, 'queueArnPrefix'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), sqs: openSqs(), now }, environment),
);
