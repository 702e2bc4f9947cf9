/** The backend of a small web application: it knows who is logged in, and opens, renews and ends their sessions. */
import { randomUUID } from 'node:crypto';
import { forBrowser, SqsBrowserError, type BackendClient, type SessionKey } from 'sqs-browser/backend';
import { maxText, readNewNote } from './note.ts';
import { account, people, type Person } from './people.ts';

/** Somebody who is logged in, in one browser. */
interface Login extends SessionKey {
  readonly userId: number;
  /** When the login ends, epoch milliseconds. */
  readonly ends: number;
}

/** A request for what belongs to one person. */
interface Asked {
  readonly person: Person;
  readonly request: Request;
}

/** After how long a login is forgotten, milliseconds. */
const loginLifetime = 24 * 3_600_000;

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

const refusal = (status: number, error: string, message: string): Response => answer(status, { error, message });

/** A page of another site cannot send this content type without being asked first, and is not answered then. */
const isJson = (request: Request): boolean => request.headers.get('content-type') === 'application/json';

/** Each person has a cookie of their own, so that two can be logged in on one screen, and neither sends as the other. */
const cookieOf = ({ path }: Person, secret: string, seconds: number): string =>
  `example-${path}=${secret}; HttpOnly; SameSite=Strict; Path=/example/${path}; Max-Age=${seconds}`;

const secretOf = ({ person, request }: Asked): string =>
  new RegExp(`(?:^|; )example-${person.path}=([^;]+)`).exec(request.headers.get('cookie') ?? '')?.[1] ?? '';

/** @throws the error, unless it says that the session is gone */
const ignoreGone = (error: unknown): void => {
  if (!(error instanceof SqsBrowserError) || error.status !== 404) throw error;
};

/** Answers `<person>/login`, `resume`, `renew`, `notify` and `logout`, all of them POST with JSON; undefined for other paths. */
export class ExampleBackend {
  readonly #client: BackendClient;
  readonly #now: () => number;
  /** By the secret in the cookie. Real backends have a store for this, and so end sessions after a restart, too. */
  readonly #logins = new Map<string, Login>();

  /** @param now the time, epoch milliseconds */
  constructor(client: BackendClient, now: () => number = Date.now) {
    this.#client = client;
    this.#now = now;
  }

  /** @param path what follows `/example/`, such as `ada/login` */
  async handle(path: string, request: Request): Promise<Response | undefined> {
    const [name = '', action = '', ...others] = path.split('/');
    const person = people.find((each) => each.path === name);
    if (!person || others.length > 0) return undefined;
    const asked = { person, request };
    const routes: Record<string, (() => Promise<Response>) | undefined> = {
      login: () => this.#logIn(asked),
      // What a page asks first: whether the person is logged in from before.
      resume: () => this.#resume(asked),
      renew: () => this.#withLogin(asked, (login) => this.#renew(login)),
      notify: () => this.#withLogin(asked, (login) => this.#notify(login, asked)),
      logout: () => this.#withLogin(asked, () => this.#logOut(asked)),
    };
    const route = Object.hasOwn(routes, action) ? routes[action] : undefined;
    if (!route) return undefined;
    if (request.method !== 'POST' || !isJson(request)) return refusal(405, 'NotAllowed', 'POST JSON here.');
    try {
      return await route();
    } catch (error) {
      if (!(error instanceof SqsBrowserError)) throw error;
      // A session that is gone is for the page to know; the rest is this backend's and the service's affair.
      const status = error.status === 404 ? 404 : 502;
      return refusal(status, error.name, error.message);
    }
  }

  /** The session's id is a random one, and the cookie's is another: neither opens what belongs to the other. */
  async #logIn(asked: Asked): Promise<Response> {
    await this.#endEarlier(asked);
    const { person } = asked;
    const key = { accountId: account, sessionId: randomUUID(), userId: person.userId };
    const session = await this.#client.createSession(key);
    const secret = randomUUID();
    this.#logins.set(secret, { ...key, ends: this.#now() + loginLifetime });
    return answer(200, forBrowser(session), { 'set-cookie': cookieOf(person, secret, loginLifetime / 1_000) });
  }

  async #resume(asked: Asked): Promise<Response> {
    const login = this.#find(asked);
    return login ? this.#renew(login) : answer(200, {});
  }

  #find(asked: Asked): Login | undefined {
    const login = this.#logins.get(secretOf(asked));
    return login && login.userId === asked.person.userId && login.ends > this.#now() ? login : undefined;
  }

  /** Ends the login that the person had in this browser; forgets the old ones of all. */
  async #endEarlier(asked: Asked): Promise<void> {
    for (const [secret, { ends }] of this.#logins) if (ends <= this.#now()) this.#logins.delete(secret);
    const login = this.#find(asked);
    if (!login) return;
    this.#logins.delete(secretOf(asked));
    await this.#client.destroySession(login).catch(ignoreGone);
  }

  /** The login lasts longer than a session may: a session that is gone is created anew, and the page goes on with it. */
  async #renew({ accountId, sessionId, userId }: Login): Promise<Response> {
    const key = { accountId, sessionId, userId };
    const session = await this.#client.renewSession(key).catch((error: unknown) => {
      ignoreGone(error);
      return this.#client.createSession(key);
    });
    return answer(200, forBrowser(session));
  }

  async #notify({ accountId, sessionId }: Login, { person, request }: Asked): Promise<Response> {
    const note = readNewNote(await request.json().catch(() => undefined));
    if (!note) return refusal(400, 'InvalidNote', `A note has 1 to ${maxText} characters, and says to whom and how.`);
    const user = people.find(({ name }) => name === note.to);
    const session = note.to === 'this browser' ? { sessionId } : {};
    const target = { accountId, ...session, ...(user && { userId: user.userId }) };
    // Who sends it is what the login says, not the page.
    const message = { type: 'note', from: person.name, ...note };
    if (note.by === 'notify') return answer(200, await this.#client.notify(target, message));
    const [published] = await this.#client.publish([{ ...target, ...message }]);
    return answer(200, { ...published });
  }

  async #logOut(asked: Asked): Promise<Response> {
    await this.#endEarlier(asked);
    return answer(200, {}, { 'set-cookie': cookieOf(asked.person, '', 0) });
  }

  async #withLogin(asked: Asked, then: (login: Login) => Promise<Response>): Promise<Response> {
    const login = this.#find(asked);
    return login ? then(login) : refusal(404, 'SessionNotFound', `${asked.person.name} is not logged in here.`);
  }
}
