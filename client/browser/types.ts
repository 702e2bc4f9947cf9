import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { Log } from './log.ts';
import type { Credentials } from './sign.ts';

/** What the backend got from creating or renewing a session; members not named here are kept and not read. */
export interface Session extends Credentials {
  /** The queue's URL. The tabs of a browser that have the same one share a poller. */
  readonly sqsUrl: string;
  /** When the credentials expire, epoch seconds. */
  readonly expires: number;
  readonly accountId?: number;
  readonly sessionId?: string;
}

/** What a poll function gets. */
export interface PageCondition {
  /** Whether this tab can be seen; true where there is no page. */
  readonly visible: boolean;
  /** What the browser says; true where it says nothing. */
  readonly online: boolean;
}

export type PollPolicy = 'always' | 'visible-only' | ((page: PageCondition) => boolean);

export interface ConnectOptions {
  /** @throws TypeError from `connect` that names the field, when a field is missing or has the wrong type. */
  readonly session: Session;
  /**
   * Asks the backend for new credentials. Called before the old ones expire, and when SQS refuses them or the queue; by one
   * tab only, never twice at a time. A session that is gone is reported by a rejection, or an answer, with `status` 404 or with
   * `name` or `error` "SessionNotFound", and ends the connection. Any other answer that is not a session is a failure: the
   * session stays as it is, and `renew` is called again later. It may take 30 seconds.
   */
  readonly renew: (session: Session) => Promise<Session>;
  /**
   * When this tab wants events; a browser polls while any of its tabs wants them. A function is asked before each poll and
   * every five seconds while paused. Default `always`.
   */
  readonly poll?: PollPolicy | undefined;
  /**
   * After how many failures of its handler an event is deleted from the queue and `rejected` fires. Default Infinity: it is
   * given back to the queue, with growing delay, for as long as the queue keeps it.
   */
  readonly attempts?: number | undefined;
  /** How long to wait after failures, milliseconds. Default `fullJitter()`. */
  readonly retry?: RetryPolicy | undefined;
  /** Whether the tabs of this browser share one poller. Default true. */
  readonly share?: boolean | undefined;
  /** Ends the connection when it aborts, as `close()` does. */
  readonly signal?: AbortSignal | undefined;
  /** The queue's region. Default: read from the queue's URL, and us-east-1 where it has none. */
  readonly region?: string | undefined;
  /** How long a poll stays open, whole seconds from 0 to 20. Default 20. */
  readonly waitTime?: number | undefined;
  /**
   * After how many seconds an event is delivered again when its page has died, whole seconds from 1 to 43,200. Extended while
   * a handler runs. Default 5.
   */
  readonly visibilityTimeout?: number | undefined;
  /**
   * Keeps the events that came, so that a tab gets those that others handled while it was away: `eventHistory()` of
   * `sqs-browser/history`. Default: none are kept, and `resync` fires.
   */
  readonly history?: History | undefined;
  /** Gets what the connection does, never credentials or the data of events. `sqs-browser/debug` has one for the console. */
  readonly debug?: Log | undefined;
  /** The global object, or something like it, for tests. */
  readonly environment?: Environment | undefined;
}

/** Keeps events for tabs that are away. Queues are identified by their URLs. */
export interface History {
  /** Keeps messages that came. Never throws. */
  record(queue: string, messages: readonly Message[]): void;
  /**
   * Resolves with the messages that came since the tab began to listen, in order of arrival, or with undefined if some of those that
   * came after it left are not kept any more. Resolves soon, since newer messages wait for it. Never rejects.
   * @param left when the tab stopped listening, epoch milliseconds by this machine's clock.
   * @param joined when it began before that.
   */
  missed(queue: string, left: number, joined: number): Promise<readonly Message[] | undefined>;
}

/** Every reason a state can have, by the state's status. */
export interface Reasons {
  connecting: 'starting' | 'resumed';
  polling: 'listening';
  paused: 'no-handler' | 'hidden' | 'policy' | 'no-page';
  renewing: 'expiring' | 'keys-refused' | 'queue-gone';
  waiting:
    'offline' | 'network' | 'server' | 'throttled' | 'refused' | 'no-queue' | 'renew-failed' | 'handler' | 'error';
  ended: 'closed' | 'session-gone';
}

export type Reason = Reasons[keyof Reasons];

interface StateOf<Status extends keyof Reasons> {
  readonly status: Status;
  readonly reason: Reasons[Status];
  /** What somebody can do about it, where somebody can. */
  readonly remedy?: string;
}

export interface RenewingState extends StateOf<'renewing'> {
  /** Failures in a row so far. */
  readonly attempt: number;
}

export interface WaitingState extends StateOf<'waiting'> {
  /** What went wrong, in the words of the failure. */
  readonly detail: string;
  /** Failures in a row, this one included; 0 for `handler`, which is not a failure. */
  readonly attempt: number;
  /** When it is tried again, epoch milliseconds by this machine's clock; at once when the browser comes online. */
  readonly until: number;
  /** Why the credentials are to be renewed, for `renew-failed`. */
  readonly renewing?: Reasons['renewing'];
}

/** What the connection is doing, and all it needs to know to go on: a union by `status`. */
export type State =
  StateOf<'connecting'> | StateOf<'polling'> | StateOf<'paused'> | RenewingState | WaitingState | StateOf<'ended'>;

/** A message as the tabs pass it on. */
export interface Message {
  /** Stable across repeats. */
  readonly id: string;
  readonly text: string;
  /** Epoch milliseconds, NaN if the sender did not say. */
  readonly sentAt: number;
}
