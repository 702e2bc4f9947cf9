import { membersOf } from '../shared/json.ts';
import { AwsV4Signer } from 'aws4fetch';
import { errorCodeOf, isCredentialError, type Answer } from './answers.ts';
import type { CredentialCache, Credentials } from './credentials.ts';
import { ConnectionFailed, TimedOut } from './errors.ts';
import type { BackendEnvironment } from './types.ts';

export interface SignedRequest {
  readonly service: 'execute-api' | 'kinesis';
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface AttemptOptions {
  /** How long an attempt may take, milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

interface SenderOptions {
  readonly environment: BackendEnvironment;
  readonly credentials: CredentialCache;
  readonly region: string;
}

export type Sender = ReturnType<typeof createSender>;

/**
 * How far this machine's clock may be off before it is corrected, milliseconds. AWS refuses signatures that are more than five
 * minutes off. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const maxClockSkew = 60_000;

/** Failures of a connection before anything was sent. https://nodejs.org/api/errors.html#common-system-errors */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

const connectionFailed = (url: string, error: unknown): ConnectionFailed => {
  const { cause = error } = membersOf(error);
  const { code, message } = membersOf(cause);
  const unsent = typeof code === 'string' && unsentCodes.has(code);
  const reason = typeof message === 'string' && message ? message : String(code);
  return new ConnectionFailed(`The connection to ${new URL(url).origin} failed: ${reason}`, { unsent, cause: error });
};

/** Sends signed requests, one attempt each, and signs by the clock of the service that answers. */
export const createSender = ({ environment, credentials, region }: SenderOptions) => {
  /** How far this machine's clock is behind the service's, milliseconds. */
  let clockOffset = 0;
  const now = (): number => environment.Date.now() + clockOffset;

  const sign = (
    { service, method, url, headers, body }: SignedRequest,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  ) =>
    new AwsV4Signer({
      ...{ service, region, method, url, headers, accessKeyId, secretAccessKey },
      ...(sessionToken !== undefined && { sessionToken }),
      ...(body !== undefined && { body }),
      datetime: new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    }).sign();

  /** @throws TimedOut, ConnectionFailed, or the signal's reason */
  const attempt = async (
    request: SignedRequest,
    signer: Credentials,
    { timeout, signal }: AttemptOptions,
  ): Promise<Answer> => {
    const signed = await sign(request, signer);
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
        // Another host must not get the session token, and the signature would not fit it.
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

  /** Corrects the clock by the date of an answer. Returns whether it was off. */
  const correctClock = ({ headers }: Answer): boolean => {
    const time = Date.parse(headers.get('date') ?? '');
    if (!(Math.abs(time - now()) > maxClockSkew)) return false;
    clockOffset = time - environment.Date.now();
    return true;
  };

  return {
    /** Epoch milliseconds by the service's clock, as far as it is known. */
    now,

    /** Sends a request, and once more when it was refused because of the clock or the credentials and there are others now. */
    async send(request: SignedRequest, options: AttemptOptions): Promise<Answer> {
      const signer = await credentials.get();
      const answer = await attempt(request, signer, options);
      if (answer.status !== 400 && answer.status !== 403) return answer;
      if (correctClock(answer)) return await attempt(request, signer, options);
      if (!isCredentialError(errorCodeOf(answer)) || !(await credentials.replace(signer))) return answer;
      return await attempt(request, await credentials.get(), options);
    },
  };
};
