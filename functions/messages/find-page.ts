import { isActive } from '../sessions/session-record.ts';
import type { Audience, Lookup } from './audience.ts';
import type { Cursor } from './dispatch.ts';
import { Page } from './page.ts';
import type { FindSessions, Position, SessionPage } from './session-index.ts';

/** Look-ups begun at once. */
const lookupsAtOnce = 32;

/** About as many sessions as a page has room for: reading more than fits would be reading them twice. */
const pageSessions = 850;

/** Reading fewer sessions than this costs as much: a read unit is 4 KB. */
const leastLimit = 20;

/** What finding a page's sessions needs. */
export interface Search {
  readonly audience: Audience;
  readonly find: FindSessions;
  readonly now: () => number;
  /** Epoch milliseconds after which no further read is begun; at least one is made. */
  readonly deadline: number;
}

/**
 * Finds the sessions of the next page, leaving out expired ones.
 * @returns the page, and where the next one begins unless this was the last
 */
export async function findPage(search: Search, cursor: Cursor): Promise<{ page: Page; cursor?: Cursor }> {
  const lookups = search.audience.lookups();
  const page = new Page();
  let { after } = cursor;
  for (let first = cursor.lookup; first < lookups.length; first += lookupsAtOnce) {
    if (first > cursor.lookup && search.now() > search.deadline) return { page, cursor: { lookup: first } };
    const begun = lookups.slice(first, first + lookupsAtOnce);
    const limit = Math.max(leastLimit, Math.ceil((pageSessions - page.sessions) / begun.length));
    const read = await Promise.all(
      begun.map((lookup, offset) => search.find(lookup, limit, offset === 0 ? after : undefined)),
    );
    for (const [offset, lookup] of begun.entries()) {
      const start = { lookup, limit, ...(after && { after }) };
      const stop = await take(search, page, start, read[offset]);
      if (stop) return { page, cursor: { lookup: first + offset, ...(stop.after && { after: stop.after }) } };
      after = undefined;
    }
  }
  return { page };
}

interface Start {
  readonly lookup: Lookup;
  readonly limit: number;
  readonly after?: Position;
}

/** Puts a look-up's sessions on the page; tells after which one it stopped, if it did not get through. */
async function take(
  { audience, find, now, deadline }: Search,
  page: Page,
  { lookup, limit, after: start }: Start,
  read: SessionPage | undefined,
): Promise<{ after: Position | undefined } | undefined> {
  let after = start;
  for (let rest = read; rest;) {
    for (const session of rest.sessions) {
      const { sessionId, route } = session;
      const isOurs = isActive(session, now()) && audience.isFoundBy(lookup, session);
      const messages = isOurs ? audience.messagesFor(session) : undefined;
      if (messages && !page.add(session, messages)) return { after };
      after = { sessionId, route };
    }
    if (!rest.next) return undefined;
    after = rest.next;
    if (now() > deadline) return { after };
    rest = await find(lookup, limit, rest.next);
  }
  return undefined;
}
