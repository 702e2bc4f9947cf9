import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QueryCommand, type AttributeValue, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { settle } from '../aws/aws-errors.ts';
import { routePrefix } from '../sessions/route.ts';
import type { Lookup } from './recipients.ts';

/** What dispatch knows of a session; keys are none of it. */
export interface IndexedSession {
  readonly accountId: number;
  readonly sessionId: string;
  readonly userId?: number;
  readonly queueUrl: string;
  /** Epoch seconds. */
  readonly expires: number;
  readonly route: string;
}

/** The last session that was read. */
export interface Position {
  readonly sessionId: string;
  readonly route: string;
}

export interface SessionPage {
  readonly sessions: readonly IndexedSession[];
  /** Where to read on, unless that was all. */
  readonly next?: Position;
}

/** @throws Throttled, UpstreamUnavailable, UpstreamFailed */
export type FindSessions = (lookup: Lookup, limit: number, after?: Position) => Promise<SessionPage>;

/**
 * Finds sessions with strongly consistent reads, so that one can be notified the moment it is created. An account and a
 * user are read from the index `routes`, whose items are small. A session named by its id may have any user, or none, so
 * it is read from the table, whose sort key the id is. Every read asks for the same few attributes: the role may read no
 * others (the condition keys dynamodb:Attributes and dynamodb:Select), and keys are not among them.
 */
export const createFindSessions =
  (client: DynamoDBClient, tableName: string): FindSessions =>
  async (lookup, limit, after) => {
    const command = new QueryCommand({
      TableName: tableName,
      ConsistentRead: true,
      Select: 'SPECIFIC_ATTRIBUTES',
      ProjectionExpression: 'accountId, sessionId, userId, queueUrl, expires, #route',
      Limit: limit,
      ...condition(lookup),
      ...(after && { ExclusiveStartKey: keyOf(lookup.accountId, after) }),
    });
    const { Items = [], LastEvaluatedKey } = await settle('dynamodb:Query', client.send(command));
    const next = lookup.kind === 'session' ? undefined : LastEvaluatedKey;
    return {
      sessions: Items.map(readItem),
      ...(next && { next: { sessionId: next['sessionId']?.S ?? '', route: next['route']?.S ?? '' } }),
    };
  };

const condition = (lookup: Lookup): Partial<QueryCommandInput> => {
  const names = { '#route': 'route' };
  const account = { ':accountId': { N: String(lookup.accountId) } };
  switch (lookup.kind) {
    case 'account':
      return {
        IndexName: 'routes',
        KeyConditionExpression: 'accountId = :accountId',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: account,
      };
    case 'user':
      return {
        IndexName: 'routes',
        KeyConditionExpression: 'accountId = :accountId AND begins_with(#route, :prefix)',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...account, ':prefix': { S: routePrefix(lookup.userId) } },
      };
    case 'session':
      return {
        KeyConditionExpression: 'accountId = :accountId AND sessionId = :sessionId',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...account, ':sessionId': { S: lookup.sessionId } },
      };
  }
};

const keyOf = (accountId: number, { sessionId, route }: Position): Record<string, AttributeValue> => ({
  accountId: { N: String(accountId) },
  sessionId: { S: sessionId },
  route: { S: route },
});

const readItem = (item: Record<string, AttributeValue>): IndexedSession => {
  const userId = item['userId']?.N;
  return {
    accountId: Number(item['accountId']?.N),
    sessionId: item['sessionId']?.S ?? '',
    ...(userId !== undefined && { userId: Number(userId) }),
    queueUrl: item['queueUrl']?.S ?? '',
    expires: Number(item['expires']?.N),
    route: item['route']?.S ?? '',
  };
};
