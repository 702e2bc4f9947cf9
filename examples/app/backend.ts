/** The backend of a small web application: it knows who is logged in, and opens, renews and ends their sessions. */
import { randomUUID } from 'node:crypto';
import { forBrowser, SqsBrowserError, type BackendClient, type SessionKey } from 'sqs-browser/backend';
import { account, people } from './people.ts';

/** Somebody who is logged in, in one browser. */
interface Login extends SessionKey {
  readonly userId: number;
  /** When the login ends, epoch milliseconds. */
  readonly ends: number;
}

interface Note {
  readonly to: 'everyone' | 'me' | 'this browser';
  readonly by: 'notify' | 'stream';
  readonly text: string;
}

/** The longest text of a note, characters. */
const maxText = 500;
/** After how long a login is forgotten, milliseconds. */
const loginLifetime = 24 * 3_600_000;

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

const refusal = (status: number, error: string, message: string): Response => answer(status, { error, message });

/** A page of another site cannot send this content type without being asked first, and is not answered then. */
const isJson = (request: Request): boolean => request.headers.get('content-type') === 'application/json';

const read = async (request: Request): Promise<Readonly<Record<string, unknown>>> =>
  Object(await request.json().catch(() => undefined)) as Readonly<Record<string, unknown>>;

const secretOf = (request: Request): string =>
  /(?:^|; )example=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';

/** @throws the error, unless it says that the session is gone */
const ignoreGone = (error: unknown): void => {
  if (!(error instanceof SqsBrowserError) || error.status !== 404) throw error;
};

const readNote = ({ to, by, text }: Readonly<Record<string, unknown>>): Note | undefined => {
  const isRight = (to === 'everyone' || to === 'me' || to === 'this browser') && (by === 'notify' || by === 'stream');
  if (!isRight || typeof text !== 'string' || text === '' || text.length > maxText) return undefined;
  return { to, by, text };
};

/** Answers `login`, `renew`, `notify` and `logout`, all of them POST with JSON; undefined for other paths. */
export class ExampleBackend {
  readonly #client: BackendClient;
  /** By the secret in the cookie. Real backends have a store for this, and so end sessions after a restart, too. */
  readonly #logins = new Map<string, Login>();

  constructor(client: BackendClient) {
    this.#client = client;
  }

  async handle(action: string, request: Request): Promise<Response | undefined> {
    const routes: Record<string, (() => Promise<Response>) | undefined> = {
      login: () => this.#logIn(request),
      renew: () => this.#withLogin(request, (login) => this.#renew(login)),
      notify: () => this.#withLogin(request, (login) => this.#notify(login, request)),
      logout: () => this.#withLogin(request, (login, secret) => this.#logOut(login, secret)),
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
  async #logIn(request: Request): Promise<Response> {
    const { name } = await read(request);
    const person = people.find((each) => each.name === name);
    if (!person) return refusal(400, 'NobodyByThatName', `Nobody is called ${JSON.stringify(name)} here.`);
    await this.#endEarlier(request);
    const key = { accountId: account, sessionId: randomUUID(), userId: person.userId };
    const session = await this.#client.createSession(key);
    const secret = randomUUID();
    this.#logins.set(secret, { ...key, ends: Date.now() + loginLifetime });
    const cookie = `example=${secret}; HttpOnly; SameSite=Strict; Path=/example; Max-Age=${loginLifetime / 1_000}`;
    return answer(200, { ...forBrowser(session), name: person.name }, { 'set-cookie': cookie });
  }

  /** Ends the login that this browser had, so that its tabs do not show one name and send as another; forgets old ones. */
  async #endEarlier(request: Request): Promise<void> {
    for (const [secret, { ends }] of this.#logins) if (ends < Date.now()) this.#logins.delete(secret);
    const secret = secretOf(request);
    const login = this.#logins.get(secret);
    if (!login) return;
    this.#logins.delete(secret);
    await this.#client.destroySession(login).catch(ignoreGone);
  }

  /** The login lasts longer than a session may: a session that is gone is created anew, and the page goes on with it. */
  async #renew({ accountId, sessionId, userId }: Login): Promise<Response> {
    const key = { accountId, sessionId, userId };
    const session = await this.#client.renewSession(key).catch((error: unknown) => {
      ignoreGone(error);
      return this.#client.createSession(key);
    });
    return answer(200, { ...forBrowser(session), name: people.find((person) => person.userId === userId)?.name });
  }

  async #notify({ accountId, sessionId, userId }: Login, request: Request): Promise<Response> {
    const given = await read(request);
    const note = readNote(given);
    if (!note) return refusal(400, 'InvalidNote', `A note has 1 to ${maxText} characters, and says to whom and how.`);
    const from = people.find((person) => person.userId === userId)?.name;
    // A tab shows one name while the browser is logged in with another: nothing is sent in the wrong name.
    if (given['from'] !== undefined && given['from'] !== from)
      return refusal(409, 'OtherLogin', `This browser is logged in as ${from ?? 'nobody'} now.`);
    const target = {
      everyone: { accountId },
      me: { accountId, userId },
      'this browser': { accountId, sessionId },
    }[note.to];
    const message = { from, text: note.text, to: note.to, by: note.by };
    if (note.by === 'notify') return answer(200, await this.#client.notify(target, message));
    const [published] = await this.#client.publish([{ ...target, ...message }]);
    return answer(200, { ...published });
  }

  async #logOut(login: Login, secret: string): Promise<Response> {
    this.#logins.delete(secret);
    await this.#client.destroySession(login).catch(ignoreGone);
    return answer(200, {}, { 'set-cookie': 'example=; Max-Age=0; Path=/example' });
  }

  async #withLogin(request: Request, then: (login: Login, secret: string) => Promise<Response>): Promise<Response> {
    const secret = secretOf(request);
    const login = this.#logins.get(secret);
    return login && login.ends > Date.now()
      ? then(login, secret)
      : refusal(404, 'SessionNotFound', 'Nobody is logged in here.');
  }
}
