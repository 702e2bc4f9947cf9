import { errors, type ErrorName } from '../shared/errors.ts';

/** What is known of a failure beside its message. */
export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** Every error of this client is one of these: what the service's API answered, or why there was no answer. */
export abstract class SqsBrowserError extends Error {
  abstract override readonly name: string;
  /** Whether the same call may succeed later. */
  abstract readonly transient: boolean;
  /** The HTTP status of the answer; undefined when there was no answer. */
  readonly status: number | undefined;
  /** The id of the request, as it stands in the service's logs. */
  readonly requestId: string | undefined;

  constructor(message: string, { status, requestId, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.requestId = requestId;
  }
}

/** An error of the HTTP API, as the table of errors has it. */
abstract class ApiError extends SqsBrowserError {
  abstract override readonly name: ErrorName;

  override get transient(): boolean {
    return errors[this.name].transient;
  }
}

/** 400: a value is wrong; nothing was changed. Many wrong values are found before anything is sent. */
export class InvalidRequest extends ApiError {
  override readonly name = 'InvalidRequest';
  /** The name of the wrong value, such as `accountId` or `messages[3]`; undefined when the service did not name one. */
  readonly field: string | undefined;

  constructor(message: string, { field, ...details }: ErrorDetails & { readonly field?: string | undefined } = {}) {
    super(message, details);
    this.field = field;
  }
}

/** 403: the caller is not allowed to do this, or the credentials or the signature are wrong. */
export class AccessDenied extends ApiError {
  override readonly name = 'AccessDenied';
}

/** 404: there is no such session, or its keys have expired. */
export class SessionNotFound extends ApiError {
  override readonly name = 'SessionNotFound';
}

/** 404: the API has no such route: `apiUrl` is not the stack's output. */
export class NotFound extends ApiError {
  override readonly name = 'NotFound';
}

/** 409: other requests changed the session at the same time; nothing was changed by this one. */
export class SessionConflict extends ApiError {
  override readonly name = 'SessionConflict';
}

/** Bytes of UTF-8. */
interface SizeDetails {
  readonly bytes?: number | undefined;
  readonly limit?: number | undefined;
}

/** 413: a message or a request is too large; nothing was sent. Most are found before anything is sent. */
export class MessageTooLarge extends ApiError {
  override readonly name = 'MessageTooLarge';
  /** The size of what was refused, bytes of UTF-8; undefined when the service did not say. */
  readonly bytes: number | undefined;
  /** The largest size that is accepted, bytes of UTF-8; undefined when the service did not say. */
  readonly limit: number | undefined;

  constructor(message: string, { bytes, limit, ...details }: ErrorDetails & SizeDetails = {}) {
    super(message, details);
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** 415: the body is not JSON. The calls of this client never cause it. */
export class UnsupportedMediaType extends ApiError {
  override readonly name = 'UnsupportedMediaType';
}

/** 429: too many requests; nothing was done. */
export class Throttled extends ApiError {
  override readonly name = 'Throttled';
  /** How long to wait, seconds, as the header Retry-After says; 0 without the header. */
  readonly retryAfter: number;

  constructor(message: string, { retryAfter = 0, ...details }: ErrorDetails & { readonly retryAfter?: number } = {}) {
    super(message, details);
    this.retryAfter = retryAfter;
  }
}

/** 5xx: an AWS service failed or refused. What the call changes may have been changed. */
export class UpstreamFailed extends ApiError {
  override readonly name = 'UpstreamFailed';
}

/** 504, or no answer within `timeout`. What the call changes may have been changed. */
export class TimedOut extends ApiError {
  override readonly name = 'TimedOut';
}

/** The classes of the errors that the HTTP API answers. */
export const apiErrors = {
  InvalidRequest,
  AccessDenied,
  SessionNotFound,
  NotFound,
  SessionConflict,
  MessageTooLarge,
  UnsupportedMediaType,
  Throttled,
  UpstreamFailed,
  TimedOut,
} satisfies Readonly<Record<ErrorName, new (message: string, details?: ErrorDetails) => SqsBrowserError>>;

/** There is no connection, or it broke; `cause` says why. */
export class ConnectionFailed extends SqsBrowserError {
  override readonly name = 'ConnectionFailed';
  override readonly transient = true;
  /** Whether it is certain that nothing of the request was sent. */
  readonly unsent: boolean;

  constructor(message: string, { unsent, cause }: { readonly unsent: boolean; readonly cause: unknown }) {
    super(message, { cause });
    this.unsent = unsent;
  }
}

/** The answer is not one of the service: `apiUrl` is wrong, or a proxy answered. */
export class UnexpectedAnswer extends SqsBrowserError {
  override readonly name = 'UnexpectedAnswer';
  override readonly transient = false;
}

/** There are no AWS credentials to sign with; `cause` says why. */
export class NoCredentials extends SqsBrowserError {
  override readonly name = 'NoCredentials';
  override readonly transient = false;

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`There are no AWS credentials to sign with: ${reason}`, { cause });
  }
}

/** `publish` ended before all messages were published; `cause` says why. */
export class PublishFailed extends SqsBrowserError {
  override readonly name = 'PublishFailed';
  override readonly transient: boolean;
  /** How many messages are published. */
  readonly published: number;
  /**
   * The messages that are not published, in their order, to be published later. After a lost connection or a timeout some of them
   * may be published nevertheless; published again they get another `messageId`, unless they have an idempotency key.
   */
  readonly unpublished: readonly (object | string)[];

  constructor(published: number, unpublished: readonly (object | string)[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const { status, requestId, transient } = cause instanceof SqsBrowserError ? cause : { transient: false };
    super(`${unpublished.length} of ${published + unpublished.length} messages are not published: ${reason}`, {
      ...{ cause, status, requestId },
    });
    this.transient = transient;
    this.published = published;
    this.unpublished = unpublished;
  }
}
