import { isActive } from '../sessions/session-record.ts';
import type { Audience, Lookup } from './recipients.ts';
import type { Cursor } from './dispatch.ts';
import { Page } from './page.ts';
import type { FindSessions, Position, SessionPage } from './session-index.ts';

/** Look-ups begun at once. */
const lookupsAtOnce = 32;

/** A read unit is 4 KB: reading fewer sessions costs as much. */
const leastRead = 20;

/** A page with room for fewer sessions is full: another read for them is not worth it. */
const leastRoom = 100;

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
export const findPage = async (search: Search, cursor: Cursor): Promise<{ page: Page; cursor?: Cursor }> => {
  const lookups = search.audience.lookups();
  const page = new Page();
  let { after } = cursor;
  for (let first = cursor.lookup; first < lookups.length; first += lookupsAtOnce) {
    if (first > cursor.lookup && isOver(search, page)) return { page, cursor: { lookup: first } };
    const begun = lookups.slice(first, first + lookupsAtOnce);
    const limit = Math.max(leastRead, Math.ceil(page.room() / begun.length));
    const read = await Promise.all(
      begun.map((lookup, offset) => search.find(lookup, limit, offset === 0 ? after : undefined)),
    );
    for (const [offset, lookup] of begun.entries()) {
      const stop = await take(search, page, { lookup, ...(after && { after }) }, read[offset]);
      if (stop) return { page, cursor: { lookup: first + offset, ...(stop.after && { after: stop.after }) } };
      after = undefined;
    }
  }
  return { page };
};

interface Start {
  readonly lookup: Lookup;
  readonly after?: Position;
}

/** Puts a look-up's sessions on the page; tells after which one it stopped, if it did not get through. */
const take = async (
  search: Search,
  page: Page,
  { lookup, after: start }: Start,
  read: SessionPage | undefined,
): Promise<{ after: Position | undefined } | undefined> => {
  const { audience, find, now } = search;
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
    if (isOver(search, page)) return { after };
    rest = await find(lookup, Math.max(leastRead, page.room()), after);
  }
  return undefined;
};

const isOver = ({ now, deadline }: Search, page: Page): boolean => now() > deadline || page.room() < leastRoom;
