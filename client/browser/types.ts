import type { RetryPolicy } from '../shared/backoff.ts';
import type { Environment } from './environment.ts';
import type { Keys } from './sign.ts';

/** What the backend got from creating or renewing a session; members not named here are carried along unread. */
export interface Session extends Keys {
  readonly sqsUrl: string;
  /** When the keys stop working, epoch seconds. */
  readonly expires: number;
  /** With sessionId, what the tabs of a browser recognise each other by; without them it is the queue's URL. */
  readonly accountId?: number;
  readonly sessionId?: string;
}

/** What a pause function is told. */
export interface PageCondition {
  /** Whether this tab can be seen; true where there is no page. */
  readonly visible: boolean;
  /** What the browser says; true where it says nothing. */
  readonly online: boolean;
}

export type PollPolicy = 'always' | 'visible-only' | ((page: PageCondition) => boolean);

export interface ConnectOptions {
  readonly session: Session;
  /**
   * Asks the backend for new keys. Called before the old ones expire, and when they are refused; never twice at a time,
   * and by one tab only. A session that is gone is told by a rejection, or an answer, with `status` 404 or with `name` or
   * `error` "SessionNotFound"; anything else that is not a session counts as a failure and is tried again later.
   */
  readonly renew: (session: Session) => Promise<Session>;
  /**
   * When this tab wants messages polled; a browser polls while any of its tabs wants it. A function is asked before each
   * poll and every five seconds while paused. Default `always`.
   */
  readonly poll?: PollPolicy;
  /** How often a handler gets a message that it throws at. Default 3. */
  readonly attempts?: number;
  /** How long to wait after failures. Default `fullJitter()`. */
  readonly retry?: RetryPolicy;
  /** Whether the tabs of this browser share one poller. Default true. */
  readonly share?: boolean;
  /** Ends the connection when it aborts, as `close()` does. */
  readonly signal?: AbortSignal;
  /** The queue's region. Default: read from the queue's URL, and us-east-1 where it has none. */
  readonly region?: string;
  /** How long a poll stays open, seconds, at most 20. Default 20. */
  readonly waitTime?: number;
  /** After how long a message whose handler died comes again, seconds. Extended while a handler runs. Default 5. */
  readonly visibilityTimeout?: number;
  /** The global object, or something like it, for tests. */
  readonly environment?: Environment;
}

/** Every reason a state can have, by the state's status. */
export interface Reasons {
  connecting: 'starting' | 'resumed';
  polling: 'listening';
  paused: 'no-handler' | 'hidden' | 'policy';
  renewing: 'expiring' | 'keys-refused' | 'queue-gone';
  waiting: 'offline' | 'network' | 'server' | 'throttled' | 'refused' | 'renew-failed' | 'handler';
  ended: 'closed' | 'session-gone';
}

/** What the connection is doing: a union by `status`. `remedy` is there where somebody can do something about it. */
export type State = PlainState<'connecting' | 'polling' | 'paused' | 'renewing' | 'ended'> | WaitingState;

type PlainState<Status extends keyof Reasons> = {
  [Each in Status]: { readonly status: Each; readonly reason: Reasons[Each]; readonly remedy?: string };
}[Status];

export interface WaitingState {
  readonly status: 'waiting';
  readonly reason: Reasons['waiting'];
  readonly remedy?: string;
  /** What went wrong, in the words of whoever said so. */
  readonly detail: string;
  /** Failures in a row, this one counted. */
  readonly attempt: number;
  /** When it is tried again, epoch milliseconds by this machine's clock; sooner when the browser comes online. */
  readonly until: number;
}

/** A message as the tabs pass it on. */
export interface Message {
  /** Stable across repeats. */
  readonly id: string;
  readonly text: string;
  /** Epoch milliseconds, NaN if the sender did not say. */
  readonly sentAt: number;
}
