/** What the service's API answers, or what kept it from answering. Every error of this client is one of these. */
export abstract class SqsBrowserError extends Error {
  abstract override readonly name: string;
  /** Whether the same call may well succeed later. */
  readonly transient: boolean = false;
  /** The answer's status; missing when there was no answer. */
  readonly status: number | undefined;
  /** The request's id, for whoever looks into the service's logs. */
  readonly requestId: string | undefined;

  constructor(message: string, { status, requestId, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.requestId = requestId;
  }
}

export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** 400: a value is not what it must be. Found before sending where that is possible; nothing was done either way. */
export class InvalidRequest extends SqsBrowserError {
  override readonly name = 'InvalidRequest';
  /** Which value, as the message names it. */
  readonly field: string | undefined;

  constructor(message: string, details?: ErrorDetails) {
    super(message, details);
    this.field = /^(\S+) is /.exec(message)?.[1];
  }
}

/** 403: the caller is not allowed to do this, or the keys or the signature are wrong. */
export class AccessDenied extends SqsBrowserError {
  override readonly name = 'AccessDenied';
}

/** 404: there is no such session, or its keys have expired. */
export class SessionNotFound extends SqsBrowserError {
  override readonly name = 'SessionNotFound';
}

/** 404: the API has no such route: `apiUrl` is not the stack's output. */
export class NotFound extends SqsBrowserError {
  override readonly name = 'NotFound';
}

/** 409: others changed the session at the same time; nothing was done. */
export class SessionConflict extends SqsBrowserError {
  override readonly name = 'SessionConflict';
  override readonly transient = true;
}

/** 413: a message is larger than can be delivered. Found before sending where that is possible; nothing was sent. */
export class MessageTooLarge extends SqsBrowserError {
  override readonly name = 'MessageTooLarge';
  /** The message's bytes of UTF-8; missing when the service did not say. */
  readonly bytes: number | undefined;
  /** What a message may have, bytes of UTF-8. A notify call allows less of text that JSON escapes; `publish` does not. */
  readonly limit = 200 * 1024;

  constructor(message: string, details?: ErrorDetails) {
    super(message, details);
    this.bytes = Number(/has (\d+) bytes/.exec(message)?.[1] ?? NaN) || undefined;
  }
}

/** 429: too many requests; nothing was done. */
export class Throttled extends SqsBrowserError {
  override readonly name = 'Throttled';
  override readonly transient = true;
  /** Seconds to wait, as the answer's Retry-After says; 0 when it does not say. */
  readonly retryAfter: number;

  constructor(message: string, { retryAfter = 0, ...details }: ErrorDetails & { readonly retryAfter?: number } = {}) {
    super(message, details);
    this.retryAfter = retryAfter;
  }
}

/** 415: cannot come from this client's own calls. */
export class UnsupportedMediaType extends SqsBrowserError {
  override readonly name = 'UnsupportedMediaType';
}

/** 5xx: an AWS service failed or refused; a call that changes something may have changed it. */
export class UpstreamFailed extends SqsBrowserError {
  override readonly name = 'UpstreamFailed';
  override readonly transient = true;
}

/** 504, or no answer within the time an attempt may take; a call that changes something may have changed it. */
export class TimedOut extends SqsBrowserError {
  override readonly name = 'TimedOut';
  override readonly transient = true;
}

/** No connection, or it broke; `cause` says why. */
export class ConnectionFailed extends SqsBrowserError {
  override readonly name = 'ConnectionFailed';
  override readonly transient = true;
  /** Whether it is certain that the request reached nobody. */
  readonly unsent: boolean;

  constructor(message: string, { unsent, cause }: { readonly unsent: boolean; readonly cause: unknown }) {
    super(message, { cause });
    this.unsent = unsent;
  }
}

/** What answered is not the service: `apiUrl` or a proxy is wrong. */
export class UnexpectedAnswer extends SqsBrowserError {
  override readonly name = 'UnexpectedAnswer';
}

/** No AWS credentials were found; `cause` says why. */
export class NoCredentials extends SqsBrowserError {
  override readonly name = 'NoCredentials';

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`There are no AWS credentials to sign with: ${why}`, { cause });
  }
}

/** `publish` ended before everything was on the stream; `cause` says why. */
export class PublishFailed extends SqsBrowserError {
  override readonly name = 'PublishFailed';
  override readonly transient: boolean;
  /** How many messages are on the stream. */
  readonly published: number;
  /**
   * Those that are not, in their order, to be published later. After a lost connection or a timeout some of them may be on
   * the stream after all; published again, they come with another `messageId`.
   */
  readonly unpublished: readonly (object | string)[];

  constructor(published: number, unpublished: readonly (object | string)[], cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const requestId = cause instanceof SqsBrowserError ? cause.requestId : undefined;
    super(`${unpublished.length} of ${published + unpublished.length} messages are not on the stream: ${why}`, {
      cause,
      requestId,
    });
    this.transient = cause instanceof SqsBrowserError && cause.transient;
    this.published = published;
    this.unpublished = unpublished;
  }
}
