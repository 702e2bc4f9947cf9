import type { ListedSession } from '../shared/session.ts';
import type { CallOptions } from './types.ts';

export interface ListOptions extends CallOptions {
  /** Only this account's sessions. */
  readonly accountId?: number | undefined;
  /** Sessions in a page, 1 to 100. Default 50. */
  readonly limit?: number | undefined;
  /** The `nextToken` of a page: the list continues after that page. */
  readonly nextToken?: string | undefined;
}

export interface SessionPage {
  /** May be fewer than `limit`, even none, on any page. */
  readonly sessions: readonly ListedSession[];
  /** Missing on the last page. */
  readonly nextToken?: string;
}

/** Active sessions: `for await (const session of …)`. Each page is requested when the loop needs it. */
export interface SessionList extends AsyncIterable<ListedSession> {
  /** The same sessions, in pages. */
  pages(): AsyncIterableIterator<SessionPage>;
}

/** @param getPage returns the page that follows the token, or the first page */
export const listPages = (
  getPage: (nextToken: string | undefined) => Promise<SessionPage>,
  first: string | undefined,
): SessionList => {
  const pages = async function* (): AsyncGenerator<SessionPage, void> {
    let next = first;
    do {
      const page = await getPage(next);
      next = page.nextToken;
      yield page;
    } while (next !== undefined);
  };
  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { sessions } of pages()) yield* sessions;
    },
  };
};
