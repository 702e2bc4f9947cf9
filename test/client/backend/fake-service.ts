import { BackendClient, type BackendEnvironment, type BackendOptions } from '../../../client/backend/backend.ts';

export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * An answer, a failure of the connection, no answer for as long as it is waited for, or no answer while nobody gives up.
 */
type Reply = Response | Error | 'hangs' | 'silent';

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

/** As undici reports a connection that could not be made, or broke. */
export const broken = (code: string): Error =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(`connect ${code}`), { code }) });

export const description = {
  accountId: 1,
  sessionId: 'a',
  userId: 7,
  sqsUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/brws-0f',
  identityId: 'eu-west-1:bfb4',
  accessKey: 'ASIA1',
  secretKey: 'secret',
  sessionToken: 'token',
  expires: 1_800_000_000,
};

const noAnswer = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('This operation was aborted', 'AbortError'));
    });
  });

/** A service for a client: it gives the answers of a list, in turn, and then 200 with a session. Waits pass at once. */
export class FakeService {
  time = Date.UTC(2026, 10, 24);
  readonly sent: Sent[] = [];
  /** The waits between attempts, milliseconds. */
  readonly waits: number[] = [];
  replies: (Reply | ((sent: Sent) => Reply))[] = [];
  /** Whether waits between attempts take for ever. */
  standsStill = false;
  readonly #timers = new Map<object, { readonly callback: () => void; readonly milliseconds: number }>();
  #inFlight = 0;
  #onTurn: () => void = () => undefined;

  /** Timers that run. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Resolves when the client waits: for an answer that does not come, or for time that stands still. */
  waiting(): Promise<void> {
    return new Promise((resolve) => {
      this.#onTurn = resolve;
    });
  }

  readonly environment: BackendEnvironment = {
    fetch: async (url, init) => {
      this.#inFlight++;
      try {
        return await this.#answer(url, init);
      } finally {
        this.#inFlight--;
      }
    },
    setTimeout: (callback, milliseconds) => {
      const timer = {};
      this.#timers.set(timer, { callback, milliseconds });
      // A timer that runs while nothing is in flight is a wait.
      setImmediate(() => {
        if (this.#inFlight || !this.#timers.has(timer)) return;
        this.waits.push(milliseconds);
        if (this.standsStill) this.#onTurn();
        else this.#fire(timer);
      });
      return timer;
    },
    clearTimeout: (timer) => {
      this.#timers.delete(timer as object);
    },
    Date: { now: () => this.time },
  };

  client(options: Partial<BackendOptions> = {}): BackendClient {
    return new BackendClient({
      apiUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev/',
      streamName: 'events',
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
      retry: (attempt) => attempt * 100,
      environment: this.environment,
      ...options,
    });
  }

  #fire(timer: object): void {
    const { callback, milliseconds } = this.#timers.get(timer) ?? { callback: () => undefined, milliseconds: 0 };
    this.#timers.delete(timer);
    this.time += milliseconds;
    callback();
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    const { method = '', body } = init;
    const text = typeof body === 'string' ? body : undefined;
    const sent = { method, url: new URL(url), headers: new Headers(init.headers), body: text, time: this.time };
    this.sent.push(sent);
    const next = this.replies.shift() ?? json(200, description);
    const reply = typeof next === 'function' ? next(sent) : next;
    if (reply instanceof Error) throw reply;
    if (reply instanceof Response) return reply;
    setImmediate(() => {
      this.#onTurn();
      if (reply === 'hangs') for (const timer of this.#timers.keys()) this.#fire(timer);
    });
    return noAnswer(init.signal);
  }
}
