import { packBatches } from './queue-sender.ts';
import { sendBytes, type Message } from './message.ts';
import { encodeRanges, type Cursor } from './dispatch.ts';

/** The messages a session gets. Sessions that get the same ones share the object, so that it identifies the list. */
export interface MessageList {
  /** Positions in the dispatch's messages, in stream order. */
  readonly indices: readonly number[];
  /** The same positions as ranges: `0-99,105`. */
  readonly ranges: string;
  /** SendMessageBatch calls a queue needs for them. */
  readonly sends: number;
  /** What a queue gets in all, in bytes. */
  readonly payload: number;
}

/** One query of the sessions table. */
export type RecipientQuery =
  | { readonly type: 'account'; readonly accountId: number }
  | { readonly type: 'user'; readonly accountId: number; readonly userId: number }
  | { readonly type: 'session'; readonly accountId: number; readonly sessionId: string };

/** The messages that name one session. Those that name a user too are only for a session of that user. */
export interface NamedMessages {
  readonly sessionId: string;
  readonly messages: MessageList;
  /** The cursor after the session's query. */
  readonly after: Cursor;
}

/** The attributes of a session that decide which messages it gets. */
export interface Addressable {
  readonly accountId: number;
  readonly sessionId: string;
  readonly userId?: number;
}

interface AccountRecipients {
  readonly everyone: number[];
  readonly users: Map<number, number[]>;
  readonly sessions: Map<string, { readonly index: number; readonly userId?: number }[]>;
  /** Lists of sessions that are not named themselves, by user; undefined stands for every user without messages. */
  readonly lists: Map<number | undefined, MessageList>;
}

/** Who gets which messages of a dispatch. It is computed once: afterwards each session is found in a map. */
export class Recipients {
  readonly #accounts = new Map<number, AccountRecipients>();
  readonly #bytes: readonly number[];

  constructor(messages: readonly Message[]) {
    this.#bytes = messages.map(sendBytes);
    for (const [index, message] of messages.entries()) this.#add(message, index);
  }

  /**
   * Finds every session the messages are for, each by one query only, in an order that depends on nothing but the
   * messages: a cursor counts in it. Sessions named by their id are looked up by it and left out of their user's, so
   * that a session which changes its user meanwhile is not missed.
   */
  queries(): RecipientQuery[] {
    return [...this.#accounts].flatMap(([accountId, { everyone, users, sessions }]): RecipientQuery[] => {
      if (everyone.length > 0) return [{ type: 'account', accountId }];
      return [
        ...[...sessions.keys()].map((sessionId): RecipientQuery => ({ type: 'session', accountId, sessionId })),
        ...[...users.keys()].map((userId): RecipientQuery => ({ type: 'user', accountId, userId })),
      ];
    });
  }

  /** Whether the session is this query's to deliver to, and not another's that finds it too. */
  isFoundBy(query: RecipientQuery, session: Addressable): boolean {
    return query.type !== 'user' || !this.#accounts.get(session.accountId)?.sessions.has(session.sessionId);
  }

  /** The messages for a session in stream order, or undefined when there are none. */
  messagesFor(session: Addressable): MessageList | undefined {
    const account = this.#accounts.get(session.accountId);
    if (!account) return undefined;
    const named = account.sessions.get(session.sessionId);
    if (!named) return this.#unnamed(account, session.userId);
    const own = named.filter(({ userId }) => userId === undefined || userId === session.userId);
    if (own.length === 0) return this.#unnamed(account, session.userId);
    const { everyone, users } = account;
    return this.#list([...everyone, ...(users.get(session.userId ?? NaN) ?? []), ...own.map(({ index }) => index)]);
  }

  /**
   * The messages that name sessions by their ids, session by session; none when other messages are left too. Their deliveries can be planned
   * before anything is read: a session that is named has one query, and no other query finds it.
   * @param from position in the queries
   */
  namedFrom(from: number): NamedMessages[] {
    const named: NamedMessages[] = [];
    for (const [offset, query] of this.queries().slice(from).entries()) {
      if (query.type !== 'session') return [];
      const { accountId, sessionId } = query;
      const own = this.#accounts.get(accountId)?.sessions.get(sessionId) ?? [];
      const messages = this.#list(own.map(({ index }) => index));
      named.push({ sessionId, messages, after: { query: from + offset + 1 } });
    }
    return named;
  }

  #unnamed(account: AccountRecipients, userId: number | undefined): MessageList | undefined {
    const messages = userId === undefined ? undefined : account.users.get(userId);
    const key = messages ? userId : undefined;
    const known = account.lists.get(key);
    if (known) return known;
    if (!messages && account.everyone.length === 0) return undefined;
    const list = this.#list([...account.everyone, ...(messages ?? [])]);
    account.lists.set(key, list);
    return list;
  }

  #list(indices: number[]): MessageList {
    indices.sort((a, b) => a - b);
    return {
      indices,
      ranges: encodeRanges(indices),
      sends: packBatches(indices, (index) => this.#bytes[index] ?? 0).length,
      payload: indices.reduce((sum, index) => sum + (this.#bytes[index] ?? 0), 0),
    };
  }

  #add({ accountId, sessionId, userId }: Message, index: number): void {
    const account = getOrAdd(this.#accounts, accountId, () => ({
      everyone: [],
      users: new Map(),
      sessions: new Map(),
      lists: new Map(),
    }));
    if (sessionId !== undefined) {
      const named = getOrAdd(account.sessions, sessionId, () => []);
      named.push(userId === undefined ? { index } : { index, userId });
    } else if (userId !== undefined) getOrAdd(account.users, userId, () => []).push(index);
    else account.everyone.push(index);
  }
}

const getOrAdd = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};
