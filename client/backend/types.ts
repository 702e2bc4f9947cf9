import type { RetryPolicy } from '../shared/backoff.ts';
import type { CredentialProvider, Credentials } from './credentials.ts';

/** Who gets a message: all sessions of the account, those of a user, one session, or one session if it is that user's. */
export interface Recipients {
  /** A safe integer, like every account id and user id. */
  readonly accountId: number;
  readonly sessionId?: string | undefined;
  readonly userId?: number | undefined;
}

/** What the client uses of the global object, under the same names. */
export interface BackendEnvironment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly Date: { now(): number };
  /** Where the environment variables are. Missing where there is no Node. */
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> } | undefined;
}

export interface BackendOptions {
  /** The stack's output `ApiUrl`, or `http://127.0.0.1:4000` for `npm start`. `http:` only on this machine. */
  readonly apiUrl: string;
  /** The stack's output `EventStreamName`: `publish` then puts messages on the stream. Default: it sends them through the API. */
  readonly streamName?: string | undefined;
  /**
   * The AWS Region. Default: the one in `apiUrl`; the environment variable AWS_REGION or AWS_DEFAULT_REGION; us-east-1 when
   * `apiUrl` is on this machine.
   */
  readonly region?: string | undefined;
  /**
   * Credentials, or a function that returns them. The function is called again five minutes before they expire, and when AWS
   * refuses them. Default: the AWS SDK's default chain (environment, shared files, SSO, container, instance) where the package
   * `@aws-sdk/credential-provider-node` is installed; without it, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
   */
  readonly credentials?: Credentials | CredentialProvider | undefined;
  /**
   * Kinesis's endpoint, for instance of a VPC endpoint. Default: the environment variable AWS_ENDPOINT_URL_KINESIS or
   * AWS_ENDPOINT_URL; the origin of `apiUrl` when that is on this machine; the Region's public endpoint.
   */
  readonly kinesisUrl?: string | undefined;
  /** How often a call is made in all while its failures are transient. Default 4. */
  readonly attempts?: number | undefined;
  /** How long to wait before the next attempt. Default: full jitter, at most 200 ms at first and 5 s later. */
  readonly retry?: RetryPolicy | undefined;
  /** How long one attempt may take, milliseconds. Default 30,000: the API answers within 29 seconds. */
  readonly timeout?: number | undefined;
  /** In place of the global object, for tests. */
  readonly environment?: BackendEnvironment | undefined;
}

export interface CallOptions {
  /** Ends the call with the signal's reason. What has reached the service by then is not undone. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's `timeout`, milliseconds. */
  readonly timeout?: number | undefined;
}

export interface NotifyOptions extends CallOptions {
  /**
   * Whether to send again when it is not known whether the message was sent (a lost connection, 502, 504). The repeat has
   * another `messageId`, so a browser may show the message twice. Default false: the call rejects, and the caller decides.
   */
  readonly atLeastOnce?: boolean | undefined;
}

export interface PublishOptions extends CallOptions {
  /**
   * Whether the messages of an account keep their order when the stream refuses some of a batch. A call then puts at most one
   * message of each account, so it takes more calls. Default false: refused messages are put again, after the accepted ones.
   * Through the API the order is kept anyway.
   */
  readonly ordered?: boolean | undefined;
  /**
   * Returns a message's idempotency key: a message with the same key is sent once in five minutes, also from another client. The messages
   * then go through the API, also of a client with a `streamName`. Default: a random key for each message that goes through the API, so
   * that the retries of this call send nothing twice.
   */
  readonly idempotencyKey?: ((message: object | string, index: number) => string) | undefined;
}
