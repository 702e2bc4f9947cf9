import type { JsonObject } from '../shared/json.ts';
import { readAnswer } from './answers.ts';
import { checkRecipients, checkRetention } from './checks.ts';
import { cacheCredentials, defaultCredentials } from './credentials.ts';
import { ConnectionFailed, SessionConflict, SessionNotFound, Throttled } from './errors.ts';
import { readNotifyMessage, type Message, type Published } from './messages.ts';
import { integerSegment, queryOf, sessionSegment } from './paths.ts';
import { publishAll } from './publish-records.ts';
import { publishEvents } from './publish-events.ts';
import { isTransient, withRetries } from './retry.ts';
import { listPages, type ListOptions, type SessionList, type SessionPage } from './session-list.ts';
import type { NewSession, Notified, Session, SessionKey } from './sessions.ts';
import { checkTimeout, readSettings, type Settings } from './settings.ts';
import { createSender, type Sender } from './signed-fetch.ts';
import type { BackendOptions, CallOptions, NotifyOptions, PublishOptions, Recipients } from './types.ts';

/** Whether it is certain that a failed call changed nothing. */
const changedNothing = (error: unknown): boolean =>
  error instanceof Throttled || error instanceof SessionConflict || (error instanceof ConnectionFailed && error.unsent);

const sessionPath = ({ accountId, sessionId }: SessionKey): string =>
  `${integerSegment('accountId', accountId)}/${sessionSegment(sessionId)}`;

interface ApiCall extends CallOptions {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** After which failures the call is made again. Default: all transient ones. */
  readonly shouldRetry?: (error: unknown) => boolean;
}

/**
 * The service for a backend: opens, renews, looks up, lists and ends sessions, and sends messages. Requests are signed with
 * IAM credentials. After a transient failure a call is made again, with full jitter. Every method rejects with one of this
 * module's errors, or with the reason of an aborted `signal`.
 */
export class BackendClient {
  readonly #settings: Settings;
  readonly #sender: Sender;

  /** @throws InvalidRequest when an option is wrong, or when nothing says which Region it is */
  constructor(options: BackendOptions) {
    this.#settings = readSettings(options);
    const { environment, region } = this.#settings;
    const provider = options.credentials ?? defaultCredentials(environment.process?.env ?? {});
    const credentials = cacheCredentials(provider, () => environment.Date.now());
    this.#sender = createSender({ environment, region, credentials });
  }

  /**
   * Opens a session. A session that exists is refreshed: its queue and messages stay, its old keys stop working.
   * @throws InvalidRequest; SessionConflict when other requests keep changing it at the same time
   */
  async createSession(session: NewSession, options?: CallOptions): Promise<Session> {
    const { userId, messageRetentionPeriod: retention } = session;
    const user = userId === undefined ? '' : `/${integerSegment('userId', userId)}`;
    const query = queryOf({ MessageRetentionPeriod: retention === undefined ? retention : checkRetention(retention) });
    return this.#call({ method: 'POST', path: `/create/${sessionPath(session)}${user}${query}`, ...options });
  }

  /**
   * Gives a session new keys; the old ones work until they expire.
   * @throws SessionNotFound when there is no such session any more
   */
  async renewSession(session: SessionKey, options?: CallOptions): Promise<Session> {
    return this.#call({ method: 'POST', path: `/renew/${sessionPath(session)}`, ...options });
  }

  /**
   * Ends a session: deletes its queue, with the messages in it, and its identity. Its keys become useless.
   * @throws SessionNotFound, unless an earlier attempt of this call may have ended the session
   */
  async destroySession(session: SessionKey, options?: CallOptions): Promise<void> {
    /** Failures after which the session may have ended. */
    const uncertain: unknown[] = [];
    const shouldRetry = (error: unknown): boolean => {
      if (isTransient(error) && !changedNothing(error)) uncertain.push(error);
      return isTransient(error);
    };
    try {
      await this.#call({ method: 'POST', path: `/destroy/${sessionPath(session)}`, shouldRetry, ...options });
    } catch (error) {
      if (uncertain.length === 0 || !(error instanceof SessionNotFound)) throw error;
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

  /** All active sessions, or those of an account. Nothing is requested before the first one is needed. */
  listSessions({ accountId, limit, nextToken: first, ...options }: ListOptions = {}): SessionList {
    const getPage = async (nextToken: string | undefined): Promise<SessionPage> => {
      const account = accountId === undefined ? '' : `/${integerSegment('accountId', accountId)}`;
      return this.#call({ method: 'GET', path: `/status${account}${queryOf({ limit, nextToken })}`, ...options });
    };
    return listPages(getPage, first);
  }

  /**
   * Sends a message now and says how many sessions got it. After a failure that leaves open whether it was sent, it is not
   * sent again, unless `atLeastOnce` says so.
   * @param message an object, or the JSON text of one; the target's members are added to it
   * @throws InvalidRequest, MessageTooLarge
   */
  async notify(target: Recipients, message: object | string, options: NotifyOptions = {}): Promise<Notified> {
    const { atLeastOnce = false, ...rest } = options;
    const { accountId, sessionId, userId } = checkRecipients(target);
    const session = sessionId === undefined ? '' : `/session/${sessionSegment(sessionId)}`;
    const user = userId === undefined ? '' : `/user/${integerSegment('userId', userId)}`;
    const body = readNotifyMessage(target, message);
    const path = `/notify/${integerSegment('accountId', accountId)}${session}${user}`;
    return this.#call({
      ...{ method: 'POST', path, body, ...rest },
      shouldRetry: atLeastOnce ? isTransient : changedNothing,
    });
  }

  /**
   * Sends many messages, in calls of up to 500. With a `streamName` it puts them on the stream, with the account as the partition key;
   * without one, or with idempotency keys, it sends them through the API. Cheaper than `notify` for many messages. Messages that are
   * refused for the moment are published again. Where the order of messages matters, await one call before the next.
   * @returns for each message, in their order, the id by which browsers know it
   * @throws InvalidRequest or MessageTooLarge that names the message, and then none was sent; PublishFailed, which has the
   * messages that are not published
   */
  async publish<Members extends Recipients>(
    messages: readonly Message<Members>[],
    { ordered = false, idempotencyKey, ...callOptions }: PublishOptions = {},
  ): Promise<Published[]> {
    const { environment, attempts, retry } = this.#settings;
    const stream = idempotencyKey ? undefined : this.#settings.stream();
    const options = { environment, attempts, retry, ...this.#attemptOptions(callOptions) };
    if (stream) return publishAll({ ...stream, sender: this.#sender }, messages, { ...options, ordered });
    const send = (body: string) => this.#call<JsonObject>({ method: 'POST', path: '/publish', body, ...callOptions });
    return publishEvents(messages, { ...options, send, idempotencyKey });
  }

  async #call<Result extends object>({ method, path, body, shouldRetry = isTransient, ...options }: ApiCall) {
    const { environment, attempts, retry, apiUrl } = this.#settings;
    const attemptOptions = this.#attemptOptions(options);
    const request = {
      service: 'execute-api' as const,
      ...{ method, url: `${apiUrl}${path}`, headers: { 'content-type': 'application/json' } },
      ...(body !== undefined && { body }),
    };
    return withRetries({ environment, attempts, retry, signal: options.signal }, shouldRetry, async () => {
      const answer = await this.#sender.send(request, attemptOptions);
      return readAnswer(answer, this.#sender.now()) as Result;
    });
  }

  #attemptOptions({ timeout, signal }: CallOptions) {
    return { timeout: timeout === undefined ? this.#settings.timeout : checkTimeout(timeout), signal };
  }
}
