import type { SQSClient } from '@aws-sdk/client-sqs';
import { queuePolicy, type BrowserRole } from './policies.ts';
import { queueNameOf } from './queue-names.ts';
import { changeQueue } from './queues.ts';
import type { SessionRequest } from './request-checks.ts';
import type { SessionRecord } from './session-record.ts';
import { findRecord, type SessionTable } from './session-table.ts';

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
}

/** `without queue`: the record is there, and the queue it names is not. */
export type PolicyState =
  | { readonly is: 'in step' | 'without session' | 'unsettled' }
  | { readonly is: 'without queue'; readonly session: SessionRecord };

/** Each round is lost only to a refresh that won meanwhile, and of these at most a few fit into a function's time. */
const rounds = 8;

/**
 * Brings the queue's policy in step with the session's record. SQS cannot set a policy on a condition, so the record is
 * read again afterwards and the policy set again until the record did not change in between: of several refreshes at
 * once, the last to finish leaves the policy of the one that holds. A retention that is asked for is set along with it.
 * @returns whether the policy is in step, the session or its queue is gone, or the record would not stay as it was
 */
export const reconcilePolicy = async (
  { table, sqs }: Dependencies,
  role: BrowserRole & { readonly queueArnPrefix: string },
  request: SessionRequest,
): Promise<PolicyState> => {
  let record = await findRecord(table, request);
  for (let round = 0; round < rounds; round += 1) {
    if (!record) return { is: 'without session' };
    const policy = queuePolicy(role.queueArnPrefix + queueNameOf(record.queueUrl), record, role);
    const retention = request.messageRetentionPeriod;
    const found = await changeQueue(sqs, record.queueUrl, { policy, retention });
    const after = await findRecord(table, request);
    if (after?.sessionName === record.sessionName)
      return found ? { is: 'in step' } : { is: 'without queue', session: record };
    record = after;
  }
  return { is: 'unsettled' };
};
