import { AwsV4Signer } from 'aws4fetch';
import type { Answer } from './answers.ts';
import type { CredentialKeeper } from './credentials.ts';
import { ConnectionFailed, TimedOut } from './errors.ts';
import type { BackendEnvironment } from './types.ts';

export interface SignedRequest {
  readonly service: 'execute-api' | 'kinesis';
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How long an attempt may take, milliseconds, and what gives it up. */
export interface Patience {
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

interface SenderOptions {
  readonly environment: BackendEnvironment;
  readonly credentials: CredentialKeeper;
  readonly region: string;
}

export type Sender = ReturnType<typeof createSender>;

/** A clock that is off by so many milliseconds is corrected; AWS refuses signatures from five or fifteen minutes on. */
const tolerance = 60_000;

/** Causes of a failed fetch that come before anything was sent. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

const connectionFailed = (url: string, error: unknown): ConnectionFailed => {
  const { cause = error } = Object(error) as { readonly cause?: unknown };
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown };
  const unsent = typeof code === 'string' && unsentCodes.has(code);
  const why = typeof message === 'string' && message ? message : String(code);
  return new ConnectionFailed(`${new URL(url).origin} could not be asked: ${why}`, { unsent, cause: error });
};

/** Sends signed requests, one attempt at a time, and keeps to the clock of whoever answers. */
export const createSender = ({ environment, credentials, region }: SenderOptions) => {
  /** What this machine's clock is behind the service's, milliseconds. */
  let offset = 0;
  const now = (): number => environment.Date.now() + offset;

  const sign = async ({ service, method, url, headers, body }: SignedRequest) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials.get();
    return await new AwsV4Signer({
      ...{ service, region, method, url, headers, accessKeyId, secretAccessKey },
      ...(sessionToken !== undefined && { sessionToken }),
      ...(body !== undefined && { body }),
      datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    }).sign();
  };

  /** @throws TimedOut, ConnectionFailed, or the signal's reason */
  const attempt = async (request: SignedRequest, { timeout, signal }: Patience): Promise<Answer> => {
    const signed = await sign(request);
    signal?.throwIfAborted();
    const control = new AbortController();
    const abort = (): void => {
      control.abort();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const timer = environment.setTimeout(abort, timeout);
    try {
      const response = await environment.fetch(signed.url.href, {
        method: request.method,
        headers: signed.headers,
        ...(request.body !== undefined && { body: request.body }),
        // Elsewhere the signature would be wrong, and the session token none of its business.
        redirect: 'manual',
        signal: control.signal,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      signal?.throwIfAborted();
      if (control.signal.aborted) throw new TimedOut(`No answer came within ${timeout} ms`, { cause: error });
      throw connectionFailed(request.url, error);
    } finally {
      environment.clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };

  /** Whether an answer shows that the clock was off; then it is right from now on. */
  const corrects = ({ headers }: Answer): boolean => {
    const time = Date.parse(headers.get('date') ?? '');
    if (!(Math.abs(time - now()) > tolerance)) return false;
    offset = time - environment.Date.now();
    return true;
  };

  return {
    /** Epoch milliseconds by the service's clock, as far as it is known. */
    now,

    /** Sends a request; again if it was refused because of the clock. */
    async send(request: SignedRequest, patience: Patience): Promise<Answer> {
      const answer = await attempt(request, patience);
      if (answer.status !== 403 && answer.status !== 400) return answer;
      if (corrects(answer)) return await attempt(request, patience);
      if (answer.status === 403) credentials.forget();
      return answer;
    },
  };
};
