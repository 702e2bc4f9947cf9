import { paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { IndexedSession } from '../../functions/dispatch/session-index.ts';
import { readIndexedSession } from '../../functions/dispatch/session-index.ts';
import type { Deployment } from './deployment.ts';

/** A session as the index has it: nothing in it opens a queue. It may have expired: then it stays until a cleanup. */
export type SessionSummary = Omit<IndexedSession, 'route'>;

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
