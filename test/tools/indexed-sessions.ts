import type { Position } from '../../functions/dispatch/dispatch.ts';
import type { FindSessions, IndexedSession } from '../../functions/dispatch/session-index.ts';
import { routeOf, routePrefix } from '../../functions/sessions/session-record.ts';

const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';

/** A session of the index. Default: it was created long ago and does not expire soon. */
export const session = (
  accountId: number,
  sessionId: string,
  {
    userId,
    expires = 2_000_000_000,
    createdAt = 0,
  }: { userId?: number | undefined; expires?: number; createdAt?: number } = {},
): IndexedSession => ({
  accountId,
  sessionId,
  ...(userId !== undefined && { userId }),
  queueUrl: base + queueOf(accountId, sessionId),
  expires,
  createdAt,
  route: routeOf({ userId, sessionId }),
});

export const queueOf = (accountId: number, sessionId: string): string =>
  `q-${Buffer.from(`${accountId} ${sessionId}`).toString('hex')}`;

/** Sessions of an account, in the order of their routes. */
export const many = (count: number, accountId = 1, userId?: number): IndexedSession[] =>
  Array.from({ length: count }, (_, index) => session(accountId, String(index).padStart(36, '0'), { userId }));

/** In the order of DynamoDB, which compares UTF-8 bytes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html */
const sorted = (sessions: readonly IndexedSession[]): IndexedSession[] =>
  sessions
    .map((each) => ({ each, bytes: Buffer.from(each.route) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ each }) => each);

/**
 * Finds sessions in a list as the table does: in the order of the sort key, at most `limit` of them and never more than
 * `pageLength`, which stands for the megabyte at which DynamoDB ends a page.
 */
export const findIn = (
  sessions: readonly IndexedSession[],
  asked: string[] = [],
  pageLength = Infinity,
): FindSessions => {
  let inOrder: readonly IndexedSession[] = [];
  return (query, limit = Infinity, after?: Position) => {
    asked.push(query.type);
    if (inOrder.length !== sessions.length) inOrder = sorted(sessions);
    const all = inOrder
      .filter((each) => each.accountId === query.accountId)
      .filter((each) => query.type !== 'user' || each.route.startsWith(routePrefix(query.userId)))
      .filter((each) => query.type !== 'session' || each.sessionId === query.sessionId);
    const first = after ? all.findIndex(({ route }) => route === after.route) + 1 : 0;
    const page = all.slice(first, first + Math.min(limit, pageLength));
    const last = page.at(-1);
    // As DynamoDB: a full page says that there may be more, even if there is not.
    const isFull = page.length === limit || first + page.length < all.length;
    const next = last && isFull && query.type !== 'session' && { sessionId: last.sessionId, route: last.route };
    return Promise.resolve({ sessions: page, ...(next && { next }) });
  };
};
