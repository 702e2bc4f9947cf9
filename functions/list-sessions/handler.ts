import { parameters } from '../../client/shared/parameters.ts';
import { readParameters } from '../aws/parameters.ts';
import { listToken, readListToken } from '../sessions/list-tokens.ts';
import { checkInteger, checkIntegerWithin, checkObject } from '../aws/input.ts';
import type { SessionKey } from '../sessions/request-checks.ts';
import { describeSession, type Description } from '../sessions/session-record.ts';
import { listRecords, openSessionTable, type SessionTable } from '../sessions/session-table.ts';
import { task } from '../aws/task.ts';

/** An answer stays below this many bytes of JSON; Step Functions takes 262,144. */
const largestPage = 200 * 1024;
/** What the braces, the names and the longest token of a page may have. */
const frame = 4096;
/** An answer comes after about this long, full or not, in milliseconds. */
const patience = 3000;

interface Dependencies {
  readonly table: SessionTable;
  readonly now: () => number;
}

export interface SessionPage {
  readonly sessions: readonly Description[];
  /** Missing on the last page. */
  readonly nextToken?: string;
}

interface ListRequest {
  readonly accountId?: number | undefined;
  readonly limit: number;
  readonly after?: SessionKey | undefined;
}

/**
 * A page of the active sessions, of all accounts or of one: at most `limit` (1 to 100, else 50). A page may be short, even
 * empty, and yet not be the last: many expired sessions lie in between, or the descriptions are long.
 * @throws InvalidRequest naming body, accountId, limit or nextToken
 */
export const handle =
  ({ table, now }: Dependencies) =>
  async (input: unknown): Promise<SessionPage> => {
    const { accountId, limit, after } = checkListRequest(table, input);
    const deadline = now() + patience;
    const sessions: Description[] = [];
    let room = largestPage - frame;
    let last = after;
    do {
      const part = await listRecords(table, { accountId, limit, after: last, now: Math.floor(now() / 1000) });
      for (const session of part.records.map(describeSession)) {
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
  sessions: readonly Description[],
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
