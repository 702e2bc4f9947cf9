import { parameters } from '../../client/shared/parameters.ts';
import type { ListedSession, SessionKey } from '../../client/shared/session.ts';
import { checkInteger, checkIntegerWithin, checkObject, readParameters } from '../aws/input.ts';
import { listedSession, openSessionTable, type SessionTable } from '../sessions/session-record.ts';
import { listRecords } from './list-records.ts';
import { listToken, readListToken } from './list-tokens.ts';
import { task } from '../aws/task.ts';

/** An answer stays below this many bytes of JSON; Step Functions takes 262,144. */
const maxPageBytes = 200 * 1024;
/** What the braces, the names and the longest token of a page may have. */
const frameBytes = 4096;
/** After about this time the page is answered, full or not; in milliseconds. */
const timeout = 3000;

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

export interface SessionPage {
  readonly sessions: readonly ListedSession[];
  /** Missing on the last page. */
  readonly nextToken?: string;
}

interface ListRequest {
  readonly accountId?: number | undefined;
  readonly limit: number;
  readonly after?: SessionKey | undefined;
}

/**
 * A page of the active sessions without their keys, of all accounts or of one: at most `limit` (1 to 100, else 50). A page
 * may be short, even empty, and yet not be the last: many expired sessions lie in between, or the descriptions are long.
 * @throws InvalidRequest naming body, accountId, limit or nextToken
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<SessionPage> => {
    const { accountId, limit, after } = checkListRequest(table, input);
    const deadline = now() + timeout;
    const sessions: ListedSession[] = [];
    let room = maxPageBytes - frameBytes;
    let last = after;
    do {
      const part = await listRecords(table, { accountId, limit, after: last, now: Math.floor(now() / 1000) });
      for (const session of part.records.map(listedSession)) {
        room -= Buffer.byteLength(JSON.stringify(session)) + 1;
        if (room < 0 || sessions.length === limit) return page(table, accountId, sessions, last);
        sessions.push(session);
        last = session;
      }
      last = part.last;
    } while (last && sessions.length < limit && now() < deadline);
    return page(table, accountId, sessions, last);
  };

const page = (
  table: SessionTable,
  accountId: number | undefined,
  sessions: readonly ListedSession[],
  last: SessionKey | undefined,
): SessionPage =>
  last ? { sessions, nextToken: listToken({ tableName: table.name, accountId }, last) } : { sessions };

const checkListRequest = (table: SessionTable, input: unknown): ListRequest => {
  const { request: given } = checkObject('input', input);
  const request = checkObject('request', given);
  const asked = readParameters(request, 'limit', 'nextToken');
  const { accountId: account, limit = asked.limit, nextToken = asked.nextToken } = request;
  const accountId = account === undefined ? undefined : checkInteger('accountId', account);
  return {
    accountId,
    limit: limit === undefined ? 50 : checkIntegerWithin('limit', limit, parameters.limit.schema),
    after: nextToken === undefined ? undefined : readListToken({ tableName: table.name, accountId }, nextToken),
  };
};

export const handler = task('list-sessions', ['sessionTableName'], ({ environment, now }) =>
  handle({ table: openSessionTable(environment.sessionTableName), now }),
);
