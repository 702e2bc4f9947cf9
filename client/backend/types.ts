import type { RetryPolicy } from '../browser/backoff.ts';
import type { CredentialProvider, Credentials } from './credentials.ts';

/** Whom a message is for: everyone of the account, a user's sessions, one session, or one session of one user. */
export interface Addressees {
  /** A safe integer, like every account and user id. */
  readonly accountId: number;
  readonly sessionId?: string;
  readonly userId?: number;
}

/** All that the client uses of where it runs, under the names the global object has it: the global object is one. */
export interface BackendEnvironment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly Date: { now(): number };
}

export interface BackendOptions {
  /** The stack's output `ApiUrl`, or `http://127.0.0.1:4000` for `npm start`. */
  readonly apiUrl: string;
  /** The stack's output `EventStreamName`; only `publish` needs it. */
  readonly streamName?: string;
  /** Default: read from `apiUrl`, else the variable AWS_REGION or AWS_DEFAULT_REGION. */
  readonly region?: string;
  /**
   * Keys, or a function that gets them, which is asked again five minutes before they expire and after they were refused.
   * Default: the AWS SDK's default chain (environment, shared files, SSO, container, instance).
   */
  readonly credentials?: Credentials | CredentialProvider;
  /** Kinesis's endpoint, for a VPC endpoint or for `npm start`. Default: the region's public one. */
  readonly kinesisUrl?: string;
  /** How often a call is tried in all, when its failure is transient. Default 4. */
  readonly attempts?: number;
  /** How long to wait before the next attempt. Default full jitter, 200 ms at first and 5 s at most. */
  readonly retry?: RetryPolicy;
  /** How long one attempt may take, milliseconds. Default 30,000: the API answers within 29 seconds. */
  readonly timeout?: number;
  /** The global object, or something like it, for tests. */
  readonly environment?: BackendEnvironment;
}

export interface CallOptions {
  /** Gives the call up, with the signal's reason; what has reached the service by then is not undone. */
  readonly signal?: AbortSignal;
  /** In place of the client's `timeout`, milliseconds. */
  readonly timeout?: number;
}

export interface NotifyOptions extends CallOptions {
  /**
   * Whether to send again when it is not known if the message was sent (a lost connection, 502, 504). A repeat has a
   * `messageId` of its own, so a browser may show the message twice. Default false: then the call rejects, and it is the
   * caller who decides.
   */
  readonly atLeastOnce?: boolean;
}

export interface PublishOptions extends CallOptions {
  /**
   * Whether the messages of an account keep their order even when the stream refuses some of a batch: at most one message
   * of an account goes in a call, so it takes more of them. Default false: what was refused is put again, after what was
   * accepted.
   */
  readonly ordered?: boolean;
}
