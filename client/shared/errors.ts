/**
 * The errors of the HTTP API. An answer that is not a success is `{ "error": <name>, "message": <text>, …members }`.
 * The API's answer template, the gateway's own answers, the backend client's classes and README's table come from this table.
 */

/** What an error's JSON can carry beside `error` and `message`. Values are never in the message alone. */
export interface ErrorMembers {
  /** The name of the value that is wrong, as the caller knows it: `accountId`, `body`. */
  readonly field?: string;
  /** The size of what was refused, in bytes of UTF-8. */
  readonly bytes?: number;
  /** The largest size that would be accepted, in bytes of UTF-8. */
  readonly limit?: number;
}

export interface ErrorDefinition {
  /** The HTTP status. */
  readonly status: number;
  /** Members that the JSON may have. Each of them may be missing. */
  readonly members: readonly (keyof ErrorMembers)[];
  /** Whether the same request may succeed later. */
  readonly transient: boolean;
  /** When the API answers with it. It is also the message when the cause is unknown, so it is plain text without quotes. */
  readonly when: string;
  /** What the caller should do. */
  readonly remedy: string;
}

export const errors = {
  InvalidRequest: {
    status: 400,
    members: ['field'],
    transient: false,
    when: 'A value of the request is wrong; nothing was changed.',
    remedy: 'correct the value: the message says what was given and what is right',
  },
  AccessDenied: {
    status: 403,
    members: [],
    transient: false,
    when: 'The caller is not allowed to do this, or the signature or the credentials are wrong.',
    remedy: 'sign the request with credentials that may `execute-api:Invoke` on this route',
  },
  SessionNotFound: {
    status: 404,
    members: [],
    transient: false,
    when: 'There is no such session, or its keys have expired.',
    remedy: 'create the session',
  },
  NotFound: {
    status: 404,
    members: [],
    transient: false,
    when: 'There is no such route.',
    remedy: 'compare the URL with the output `ApiUrl` and the routes above',
  },
  SessionConflict: {
    status: 409,
    members: [],
    transient: true,
    when: 'Other requests changed the session at the same time; nothing was changed by this one.',
    remedy: 'try again',
  },
  MessageTooLarge: {
    status: 413,
    members: ['bytes', 'limit'],
    transient: false,
    when: 'The message or the request is larger than the service can pass on; nothing was sent.',
    remedy: 'send less, or a link to where the rest is',
  },
  UnsupportedMediaType: {
    status: 415,
    members: [],
    transient: false,
    when: 'A body must be of the content type application/json.',
    remedy: 'set the header `Content-Type: application/json`',
  },
  Throttled: {
    status: 429,
    members: [],
    transient: true,
    when: 'There are too many requests at the moment.',
    remedy: 'wait for the seconds in the header `Retry-After`, then try again',
  },
  UpstreamFailed: {
    status: 502,
    members: [],
    transient: true,
    when: 'An AWS service that the request needs failed or refused.',
    remedy: 'try again; if it stays, look into the logs ([docs/operating.md](docs/operating.md))',
  },
  TimedOut: {
    status: 504,
    members: [],
    transient: true,
    when: 'The request took too long and was given up.',
    remedy: 'try again; what the request changes may have been changed',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;

export type ErrorName = keyof typeof errors;

/** The body of an answer that is not a success. */
export interface ErrorBody extends ErrorMembers {
  readonly error: ErrorName;
  readonly message: string;
}
