/** The backend of a small web application: it knows who is logged in, and opens, renews and ends their sessions. */
import { randomUUID } from 'node:crypto';
import { forBrowser, SqsBrowserError, type BackendClient, type SessionKey } from 'sqs-browser/backend';
import { account, people } from './people.ts';

/** Somebody who is logged in, in one browser. */
interface Login extends SessionKey {
  readonly userId: number;
}

interface Note {
  readonly to: 'everyone' | 'me' | 'this browser';
  readonly by: 'notify' | 'stream';
  readonly text: string;
}

/** Longest text of a note, characters. */
const longest = 500;

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

const refusal = (status: number, error: string, message: string): Response => answer(status, { error, message });

/** A page of another site cannot send this content type without being asked first, and is not answered then. */
const isJson = (request: Request): boolean => request.headers.get('content-type') === 'application/json';

const read = async (request: Request): Promise<Readonly<Record<string, unknown>>> =>
  Object(await request.json().catch(() => undefined)) as Readonly<Record<string, unknown>>;

const readNote = ({ to, by, text }: Readonly<Record<string, unknown>>): Note | undefined => {
  const isRight = (to === 'everyone' || to === 'me' || to === 'this browser') && (by === 'notify' || by === 'stream');
  if (!isRight || typeof text !== 'string' || text === '' || text.length > longest) return undefined;
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
    const login = { accountId: account, sessionId: randomUUID(), userId: person.userId };
    const session = await this.#client.createSession(login);
    const secret = randomUUID();
    this.#logins.set(secret, login);
    const cookie = `example=${secret}; HttpOnly; SameSite=Strict; Path=/example`;
    return answer(200, forBrowser(session), { 'set-cookie': cookie });
  }

  async #renew(login: Login): Promise<Response> {
    return answer(200, forBrowser(await this.#client.renewSession(login)));
  }

  async #notify({ accountId, sessionId, userId }: Login, request: Request): Promise<Response> {
    const note = readNote(await read(request));
    if (!note) return refusal(400, 'InvalidNote', `A note has 1 to ${longest} characters, and says to whom and how.`);
    const from = people.find((person) => person.userId === userId)?.name;
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
    await this.#client.destroySession(login);
    return answer(200, {}, { 'set-cookie': 'example=; Max-Age=0; Path=/example' });
  }

  async #withLogin(request: Request, then: (login: Login, secret: string) => Promise<Response>): Promise<Response> {
    const secret = /(?:^|; )example=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';
    const login = this.#logins.get(secret);
    return login ? then(login, secret) : refusal(404, 'SessionNotFound', 'Nobody is logged in here.');
  }
}
