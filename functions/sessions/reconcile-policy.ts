import type { SQSClient } from '../aws/clients.ts';
import { queueNameOf, queuePolicy, type QueuePolicyContext, changeQueue } from './queues.ts';
import { type SessionRequest, type SessionRecord, findRecord, type SessionTable } from './session-record.ts';

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
}

/** `without queue`: there is a record, but not the queue that it names. */
export type PolicyState =
  | { readonly type: 'reconciled' | 'without queue'; readonly session: SessionRecord }
  | { readonly type: 'without session' | 'unsettled' };

/** A round fails only when a refresh won in between, and few refreshes fit into a function's time. */
const maxRounds = 8;

/**
 * Sets the queue's policy to what the session's record says. SQS cannot set a policy on a condition, so the record is read
 * again afterwards and the policy set again until the record did not change in between: of several refreshes at once, the
 * last to finish leaves the policy of the one that holds. A retention that is asked for is set along with it.
 * @returns whether the policy is set, the session or its queue no longer exists, or the record kept changing
 */
export const reconcilePolicy = async (
  { table, sqs }: Dependencies,
  context: QueuePolicyContext & { readonly queueArnPrefix: string },
  request: SessionRequest,
): Promise<PolicyState> => {
  let record = await findRecord(table, request);
  for (let round = 0; round < maxRounds; round += 1) {
    if (!record) return { type: 'without session' };
    const policy = queuePolicy(context.queueArnPrefix + queueNameOf(record.queueUrl), record, context);
    const retention = request.messageRetentionPeriod;
    const found = await changeQueue(sqs, record.queueUrl, { policy, retention });
    const after = await findRecord(table, request);
    if (after?.nameSeed === record.nameSeed) return { type: found ? 'reconciled' : 'without queue', session: record };
    record = after;
  }
  return { type: 'unsettled' };
};
