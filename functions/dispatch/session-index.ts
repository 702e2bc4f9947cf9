import type { DynamoDBClient } from '../aws/clients.ts';
import { settle } from '../aws/errors.ts';
import { isActive, routePrefix } from '../sessions/session-record.ts';
import type { Cursor, Position, Range } from './dispatch.ts';
import type { MessageList, RecipientQuery, Recipients } from './recipients.ts';

/** What dispatch knows of a session. */
export interface IndexedSession {
  readonly accountId: number;
  readonly sessionId: string;
  readonly userId?: number;
  readonly queueUrl: string;
  /** Epoch seconds. */
  readonly expires: number;
  /** Epoch seconds; 0 of a session that an earlier version made. */
  readonly createdAt: number;
  readonly route: string;
}

export interface SessionPage {
  readonly sessions: readonly IndexedSession[];
  /** Where to read on, unless that was all. */
  readonly next?: Position;
}

/** @throws Throttled, UpstreamUnavailable, UpstreamFailed */
export type FindSessions = (query: RecipientQuery, limit?: number, after?: Position) => Promise<SessionPage>;

/**
 * Finds sessions with strongly consistent reads, so that one can be notified the moment it is created. An account and a
 * user are read from the index `routes`, whose items are small. A session named by its id may have any user, or none, so
 * it is read from the table, whose sort key the id is. Every read asks for the same few attributes: the role may read no
 * others (the condition keys dynamodb:Attributes and dynamodb:Select), and keys are not among them.
 */
export const createFindSessions =
  (client: DynamoDBClient, tableName: string): FindSessions =>
  async (query, limit, after) => {
    const sent = client.call('Query', {
      TableName: tableName,
      ConsistentRead: true,
      Select: 'SPECIFIC_ATTRIBUTES',
      ProjectionExpression: 'accountId, sessionId, userId, queueUrl, expires, createdAt, #route',
      ...(limit !== undefined && { Limit: limit }),
      ...condition(query),
      ...(after && { ExclusiveStartKey: keyOf(query.accountId, after) }),
    });
    const { Items = [], LastEvaluatedKey } = await settle('dynamodb:Query', sent);
    const next = query.type === 'session' ? undefined : LastEvaluatedKey;
    return {
      sessions: Items.map(readIndexedSession),
      ...(next && { next: { sessionId: next['sessionId']?.S ?? '', route: next['route']?.S ?? '' } }),
    };
  };

const condition = (query: RecipientQuery) => {
  const names = { '#route': 'route' };
  const account = { ':accountId': { N: String(query.accountId) } };
  switch (query.type) {
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
        ExpressionAttributeValues: { ...account, ':prefix': { S: routePrefix(query.userId) } },
      };
    case 'session':
      return {
        KeyConditionExpression: 'accountId = :accountId AND sessionId = :sessionId',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...account, ':sessionId': { S: query.sessionId } },
      };
  }
};

const keyOf = (accountId: number, { sessionId, route }: Position) => ({
  accountId: { N: String(accountId) },
  sessionId: { S: sessionId },
  route: { S: route },
});

type Item = Readonly<Record<string, { readonly N?: string; readonly S?: string }>>;

/** @param item a session's attributes, as the index has them */
export const readIndexedSession = (item: Item): IndexedSession => {
  const userId = item['userId']?.N;
  return {
    accountId: Number(item['accountId']?.N),
    sessionId: item['sessionId']?.S ?? '',
    ...(userId !== undefined && { userId: Number(userId) }),
    queueUrl: item['queueUrl']?.S ?? '',
    expires: Number(item['expires']?.N),
    createdAt: Number(item['createdAt']?.N ?? 0),
    route: item['route']?.S ?? '',
  };
};

/** A session and the messages it gets. */
export interface Recipient {
  readonly session: IndexedSession;
  readonly messages: MessageList;
  /** The cursor after it. */
  readonly after: Cursor;
}

/** What one read found. */
export interface RecipientPage {
  readonly recipients: readonly Recipient[];
  /** Where to read on, unless that was all. */
  readonly next?: Cursor;
}

export interface RecipientReader {
  readonly recipients: Recipients;
  readonly find: FindSessions;
  readonly now: () => number;
}

/** Queries under way at once: as many as the functions have connections. */
const queriesAtOnce = 64;

/** Sessions that may have been added to a range since it was planned, for which no further read is wanted. */
const addedSessions = 10;

/**
 * Reads the recipients of a range in order, without expired sessions. The order depends on the messages and on nothing else, so
 * that two reads of the same range find the same sessions, except for those that were added or removed in between.
 * @param range without `to` and `sessions`, everything from there on
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const readRecipients = async function* (
  { recipients, find, now }: RecipientReader,
  { from, to, sessions }: Pick<Range, 'from' | 'to'> & Partial<Range>,
): AsyncGenerator<RecipientPage, void> {
  const queries = recipients.queries();
  const end = to ? to.query + (to.after ? 1 : 0) : queries.length;
  const limit = sessions === undefined ? undefined : sessions + addedSessions;
  const begin = (number: number): Promise<SessionPage>[] => {
    const query = number < end ? queries[number] : undefined;
    if (!query) return [];
    const read = find(query, limit, number === from.query ? from.after : undefined);
    // It is awaited in its turn; whoever has enough before that does not learn that it failed.
    read.catch(() => undefined);
    return [read];
  };
  const ahead = Array.from({ length: queriesAtOnce }, (_, offset) => begin(from.query + offset)).flat();
  for (const [offset, query] of queries.slice(from.query, end).entries()) {
    const number = from.query + offset;
    const until = to?.query === number ? to.after : undefined;
    const first = await ahead.shift();
    ahead.push(...begin(number + queriesAtOnce));
    for (let page = first; page;) {
      const inside = until ? page.sessions.filter(({ route }) => isUpTo(route, until.route)) : page.sessions;
      const rest = inside.length < page.sessions.length ? undefined : page.next;
      const next = rest ? { query: number, after: rest } : number + 1 < end ? { query: number + 1 } : undefined;
      const found = inside.flatMap((session): Recipient[] => {
        const isOurs = isActive(session, now()) && recipients.isFoundBy(query, session);
        const messages = isOurs ? recipients.messagesFor(session) : undefined;
        return messages ? [{ session, messages, after: placeAfter(session, query, number) }] : [];
      });
      yield { recipients: found, ...(next && { next }) };
      page = rest && (await find(query, limit, rest));
    }
  }
};

const placeAfter = ({ sessionId, route }: IndexedSession, { type }: RecipientQuery, query: number): Cursor =>
  type === 'session' ? { query: query + 1 } : { query, after: { sessionId, route } };

/** In the order of DynamoDB, which compares the bytes of UTF-8. */
const isUpTo = (route: string, last: string): boolean => Buffer.compare(Buffer.from(route), Buffer.from(last)) <= 0;

/** All recipients of a range. @throws Throttled, UpstreamUnavailable, UpstreamFailed */
export const readRange = async (reader: RecipientReader, range: Range): Promise<Recipient[]> => {
  const all: Recipient[] = [];
  for await (const { recipients } of readRecipients(reader, range)) all.push(...recipients);
  return all;
};
