import { paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { IndexedSession } from '../../functions/dispatch/session-index.ts';
import { readIndexedSession } from '../../functions/dispatch/session-index.ts';
import type { Deployment } from './deployment.ts';
import { codeOf } from './errors.ts';

/** A session as the index has it: nothing in it opens a queue. It may have expired: then it stays until a cleanup. */
export type SessionSummary = Omit<IndexedSession, 'route'>;

/** What waits in a queue. */
export interface QueueDepth {
  readonly waiting: number;
  /** Received and not deleted yet. */
  readonly inFlight: number;
}

const readItem = (item: Record<string, AttributeValue>): SessionSummary => {
  const { accountId, sessionId, userId, queueUrl, expires, createdAt } = readIndexedSession(item);
  return { accountId, sessionId, ...(userId !== undefined && { userId }), queueUrl, expires, createdAt };
};

/**
 * The sessions of an account, or of all accounts, page by page. They are read from the index `routes`, which has nothing else of a session.
 */
export const listSessions = async function* (
  { clients, output }: Deployment,
  { accountId, limit }: { readonly accountId?: number | undefined; readonly limit?: number } = {},
): AsyncGenerator<readonly SessionSummary[]> {
  const config = { client: clients.dynamoDb };
  const input = {
    TableName: output('SessionTableName'),
    IndexName: 'routes',
    ProjectionExpression: 'accountId, sessionId, userId, queueUrl, expires, createdAt',
    ...(limit !== undefined && { Limit: limit }),
  };
  const pages =
    accountId === undefined
      ? paginateScan(config, input)
      : paginateQuery(config, {
          ...input,
          KeyConditionExpression: 'accountId = :accountId',
          ExpressionAttributeValues: { ':accountId': { N: String(accountId) } },
        });
  for await (const { Items = [] } of pages) yield Items.map(readItem);
};

/** Undefined when the queue does not exist any more. */
export const queueDepth = async ({ clients }: Deployment, queueUrl: string): Promise<QueueDepth | undefined> => {
  try {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  } catch (error) {
    if (['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'].includes(codeOf(error))) return undefined;
    throw error;
  }
};
