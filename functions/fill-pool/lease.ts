import { settleUnless } from '../aws/errors.ts';
import type { PairTable } from '../sessions/pairs.ts';

/** The lease is in the table of pairs, in a partition of its own. */
const key = { pool: 'lease', queueName: 'fill' };

/** Who fills the pool, and until when in epoch milliseconds. */
export interface Lease {
  readonly holder: string;
  readonly until: number;
}

/**
 * Takes the lease that lets one execution at a time fill the pool, extends it, or with a time that has passed gives it back. EventBridge
 * Scheduler may start an execution twice, and one that goes on overlaps with the next: two would make pairs at twice the rate.
 * @param now epoch milliseconds
 * @returns false when another holder has it
 */
export const holdLease = async (table: PairTable, lease: Lease, now: number): Promise<boolean> => {
  const answer = table.client.call('PutItem', {
    TableName: table.name,
    Item: { ...key, ...lease },
    ConditionExpression: 'attribute_not_exists(#holder) OR #holder = :holder OR #until < :now',
    ExpressionAttributeNames: { '#holder': 'holder', '#until': 'until' },
    ExpressionAttributeValues: { ':holder': lease.holder, ':now': now },
  });
  const held = await settleUnless('dynamodb:PutItem', answer, ['ConditionalCheckFailedException'], null);
  return held !== null;
};
