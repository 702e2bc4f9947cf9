import type { Session } from './sessions.ts';
import type { CallOptions } from './types.ts';

export interface ListOptions extends CallOptions {
  /** Only this account's sessions. */
  readonly accountId?: number;
  /** Sessions in a page, 1 to 100. Default 50. */
  readonly limit?: number;
  /** Goes on where a page ended. */
  readonly nextToken?: string;
}

export interface SessionPage {
  /** May be fewer than `limit`, even none, on any page. */
  readonly sessions: readonly Session[];
  /** Missing on the last page. */
  readonly nextToken?: string;
}

/** Active sessions, got page by page as they are asked for: `for await (const session of …)`. */
export interface SessionList extends AsyncIterable<Session> {
  /** The same, a page at a time. */
  pages(): AsyncIterableIterator<SessionPage>;
}

/** @param getPage gets the page that follows the token. */
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
