import { fullJitter } from '../browser/backoff.ts';
import { readAnswer } from './answers.ts';
import { checkAddressees } from './checks.ts';
import { keepCredentials } from './credentials.ts';
import { ConnectionFailed, InvalidRequest, SessionConflict, SessionNotFound, Throttled } from './errors.ts';
import { checkRetention, readNotifyMessage, type Message, type Published } from './messages.ts';
import { integerSegment, queryOf, sessionSegment } from './paths.ts';
import { isTransient, withRetries, type RetryOptions } from './retries.ts';
import { listPages, type ListOptions, type SessionList, type SessionPage } from './session-list.ts';
import type { NewSession, Notified, Session, SessionKey } from './sessions.ts';
import { createSender, type Sender } from './signed-fetch.ts';
import { publishAll } from './stream.ts';
import type { Addressees, BackendOptions, CallOptions, NotifyOptions, PublishOptions } from './types.ts';

/** Whether a failure certainly came before anything was done. */
const isHarmless = (error: unknown): boolean =>
  error instanceof Throttled || error instanceof SessionConflict || (error instanceof ConnectionFailed && error.unsent);

/** The API's own URLs and most of Kinesis's say where they are. */
const regionOf = (url: string): string | undefined =>
  /^[a-z0-9-]+\.execute-api\.([a-z0-9-]+)\.(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/.exec(
    new URL(url).hostname,
  )?.[1];

const findRegion = ({ region, apiUrl }: BackendOptions): string => {
  const { AWS_REGION: first, AWS_DEFAULT_REGION: second } = process.env;
  const found = region ?? regionOf(apiUrl) ?? first ?? second;
  if (found) return found;
  throw new InvalidRequest(`region is missing, and ${apiUrl} does not say it: give it, or set AWS_REGION`);
};

const checkUrl = (field: string, url: string): string => {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new InvalidRequest(`${field} is ${JSON.stringify(url)}, but must be a URL, such as the stack's output ApiUrl`);
};

const sessionPath = ({ accountId, sessionId }: SessionKey): string =>
  `${integerSegment('accountId', accountId)}/${sessionSegment(sessionId)}`;

interface ApiCall extends CallOptions {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Which failures are tried again. Default: all that are transient. */
  readonly worthRetrying?: (error: unknown) => boolean;
}

/**
 * The service for a backend: opens, renews, looks up, lists and ends sessions, and sends messages. Calls are signed with
 * IAM; what is transient is tried again with full jitter. Every method rejects with one of this module's errors, or with
 * the reason of an aborted `signal`.
 */
export class BackendClient {
  readonly #options: BackendOptions;
  readonly #apiUrl: string;
  readonly #region: string;
  readonly #sender: Sender;
  readonly #retrying: Omit<RetryOptions, 'signal'>;

  /** @throws InvalidRequest when an option is wrong or the region is known from nowhere. */
  constructor(options: BackendOptions) {
    const { environment = globalThis, credentials, attempts = 4 } = options;
    this.#options = options;
    this.#apiUrl = checkUrl('apiUrl', options.apiUrl);
    this.#region = findRegion(options);
    const { retry = fullJitter({ base: 200, cap: 5_000 }) } = options;
    this.#retrying = { environment, attempts, retry };
    this.#sender = createSender({
      environment,
      region: this.#region,
      credentials: keepCredentials(credentials, () => environment.Date.now()),
    });
  }

  /**
   * Opens a session. One that exists is refreshed: its queue and waiting messages stay, its old keys stop working.
   * @throws InvalidRequest, SessionConflict when others keep creating it at the same time
   */
  async createSession(session: NewSession, options?: CallOptions): Promise<Session> {
    const { userId, messageRetentionPeriod: retention } = session;
    const user = userId === undefined ? '' : `/${integerSegment('userId', userId)}`;
    const query = queryOf({ MessageRetentionPeriod: retention === undefined ? retention : checkRetention(retention) });
    return this.#call({ method: 'POST', path: `/create/${sessionPath(session)}${user}${query}`, ...options });
  }

  /**
   * Gives a session new keys; the old ones work until they expire.
   * @throws SessionNotFound when it was destroyed or cleaned up
   */
  async renewSession(session: SessionKey, options?: CallOptions): Promise<Session> {
    return this.#call({ method: 'POST', path: `/renew/${sessionPath(session)}`, ...options });
  }

  /**
   * Ends a session: its queue with the messages in it and its identity are gone, its keys useless.
   * @throws SessionNotFound, but not when an earlier attempt of this call may have ended it
   */
  async destroySession(session: SessionKey, options?: CallOptions): Promise<void> {
    /** Failures that leave open whether the session was ended. */
    const doubts: unknown[] = [];
    const worthRetrying = (error: unknown): boolean => {
      if (isTransient(error) && !isHarmless(error)) doubts.push(error);
      return isTransient(error);
    };
    try {
      await this.#call({ method: 'POST', path: `/destroy/${sessionPath(session)}`, worthRetrying, ...options });
    } catch (error) {
      if (doubts.length === 0 || !(error instanceof SessionNotFound)) throw error;
    }
  }

  /** The session, or undefined when it does not exist or its keys have expired. */
  async sessionStatus(session: SessionKey, options?: CallOptions): Promise<Session | undefined> {
    try {
      return await this.#call<Session>({ method: 'GET', path: `/status/${sessionPath(session)}`, ...options });
    } catch (error) {
      if (error instanceof SessionNotFound) return undefined;
      throw error;
    }
  }

  /** All active sessions, or an account's. Nothing is asked before the first one is asked for. */
  listSessions({ accountId, limit, nextToken: first, ...options }: ListOptions = {}): SessionList {
    const getPage = async (nextToken: string | undefined): Promise<SessionPage> => {
      const account = accountId === undefined ? '' : `/${integerSegment('accountId', accountId)}`;
      return this.#call({ method: 'GET', path: `/status${account}${queryOf({ limit, nextToken })}`, ...options });
    };
    return listPages(getPage, first);
  }

  /**
   * Sends a message now and says how many sessions took it. A failure that leaves open whether it was sent is not tried
   * again unless `atLeastOnce` says so.
   * @param message an object, or the JSON text of one; the target's members are added to it
   * @throws InvalidRequest, MessageTooLarge
   */
  async notify(target: Addressees, message: object | string, options: NotifyOptions = {}): Promise<Notified> {
    const { atLeastOnce = false, ...rest } = options;
    const { accountId, sessionId, userId } = checkAddressees(target);
    const session = sessionId === undefined ? '' : `/session/${sessionSegment(sessionId)}`;
    const user = userId === undefined ? '' : `/user/${integerSegment('userId', userId)}`;
    const body = readNotifyMessage(target, message);
    const path = `/notify/${integerSegment('accountId', accountId)}${session}${user}`;
    return this.#call({
      ...{ method: 'POST', path, body, ...rest },
      worthRetrying: atLeastOnce ? isTransient : isHarmless,
    });
  }

  /**
   * Puts messages on the stream, in calls of up to 500 records and 10 MiB, under the account as the partition key. Cheaper
   * than `notify` for many. What the stream refuses for the moment is put again. Await one call before the next where
   * their order matters.
   * @returns for each message, in their order, what browsers know it by
   * @throws InvalidRequest or MessageTooLarge naming the message, and then none was sent; PublishFailed with those that are
   * not on the stream
   */
  async publish<Members extends Addressees>(
    messages: readonly Message<Members>[],
    { ordered = false, ...options }: PublishOptions = {},
  ): Promise<Published[]> {
    const { streamName: name, timeout = 30_000, kinesisUrl } = this.#options;
    if (name === undefined) throw new InvalidRequest(`streamName is missing: give the stack's output EventStreamName`);
    const domain = this.#region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const url = `${checkUrl('kinesisUrl', kinesisUrl ?? `https://kinesis.${this.#region}.${domain}`)}/`;
    return publishAll({ name, url, sender: this.#sender }, messages, {
      timeout,
      ordered,
      ...this.#retrying,
      ...options,
    });
  }

  async #call<Result extends object>(call: ApiCall): Promise<Result> {
    const { method, path, body, signal, timeout = this.#options.timeout ?? 30_000 } = call;
    return withRetries({ ...this.#retrying, signal }, call.worthRetrying ?? isTransient, async () => {
      const request = {
        service: 'execute-api' as const,
        ...{ method, url: `${this.#apiUrl}${path}`, headers: { 'content-type': 'application/json' } },
        ...(body !== undefined && { body }),
      };
      return readAnswer(await this.#sender.send(request, { timeout, signal }), this.#sender.now()) as Result;
    });
  }
}
