import type { FindSessions, IndexedSession } from '../../../functions/dispatch/session-index.ts';
import { routeOf, routePrefix } from '../../../functions/sessions/route.ts';

/** A session of the index; expires far ahead unless told. */
export const session = (
  accountId: number,
  sessionId: string,
  { userId, expires = 2_000_000_000 }: { userId?: number | undefined; expires?: number } = {},
): IndexedSession => ({
  accountId,
  sessionId,
  ...(userId !== undefined && { userId }),
  queueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/${queueOf(accountId, sessionId)}`,
  expires,
  route: routeOf({ userId, sessionId }),
});

export const queueOf = (accountId: number, sessionId: string): string =>
  `q-${Buffer.from(`${accountId} ${sessionId}`).toString('hex')}`;

/** Finds sessions in a list as the table does: in the order of the sort key, at most `limit` a page. */
export const findIn = (sessions: readonly IndexedSession[], asked: string[] = []): FindSessions => {
  return (lookup, limit, after) => {
    asked.push(lookup.kind);
    const all = sessions
      .filter((each) => each.accountId === lookup.accountId)
      .filter((each) => lookup.kind !== 'user' || each.route.startsWith(routePrefix(lookup.userId)))
      .filter((each) => lookup.kind !== 'session' || each.sessionId === lookup.sessionId)
      .sort((a, b) => Buffer.compare(Buffer.from(a.route), Buffer.from(b.route)));
    const from = after ? all.findIndex((each) => each.route === after.route) + 1 : 0;
    const page = all.slice(from, from + limit);
    const last = page.at(-1);
    // As DynamoDB: a full page says there may be more, even if there is not.
    const next = last && page.length === limit && { sessionId: last.sessionId, route: last.route };
    return Promise.resolve({ sessions: page, ...(next && { next }) });
  };
};
