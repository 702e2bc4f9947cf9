import {
  AccessDenied,
  InvalidRequest,
  MessageTooLarge,
  NotFound,
  SessionConflict,
  SessionNotFound,
  Throttled,
  TimedOut,
  UnexpectedAnswer,
  UnsupportedMediaType,
  UpstreamFailed,
  type ErrorDetails,
  type SqsBrowserError,
} from './errors.ts';

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The errors of the HTTP contract, by their names in it. */
const errors = new Map<unknown, new (message: string, details: ErrorDetails) => SqsBrowserError>(
  Object.entries({
    AccessDenied,
    InvalidRequest,
    MessageTooLarge,
    NotFound,
    SessionConflict,
    SessionNotFound,
    TimedOut,
    UnsupportedMediaType,
    UpstreamFailed,
  }),
);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Seconds, from a number of them or a date; 0 if it is neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
const readRetryAfter = (value: string | null, now: number): number => {
  if (value === null) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Math.max(0, seconds) || 0;
};

/**
 * The object the API answered.
 * @param now epoch milliseconds by the answer's clock
 * @throws the contract's error; UpstreamFailed for any other 5xx, UnexpectedAnswer for what the service never says
 */
export const readAnswer = ({ status, headers, text }: Answer, now: number): object => {
  const body = parse(text);
  const requestId = headers.get('x-amzn-requestid') ?? undefined;
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (status === 200 && isObject) return body;
  const details = { status, requestId };
  const { error, message } = (isObject ? body : {}) as { readonly error?: unknown; readonly message?: unknown };
  const said = typeof message === 'string' ? message : `The API answered ${status}: ${text.slice(0, 200)}`;
  if (status === 429) {
    throw new Throttled(said, { ...details, retryAfter: readRetryAfter(headers.get('retry-after'), now) });
  }
  const Known = errors.get(error);
  if (Known) throw new Known(said, details);
  throw new (status >= 500 ? UpstreamFailed : UnexpectedAnswer)(said, details);
};

/**
 * The object Kinesis answered. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html
 * @throws Throttled, AccessDenied, UpstreamFailed where a retry may help, UnexpectedAnswer where it does not
 */
export const readStreamAnswer = ({ status, headers, text }: Answer): object => {
  const body = parse(text);
  if (status === 200 && typeof body === 'object' && body !== null) return body;
  const details = { status, requestId: headers.get('x-amzn-requestid') ?? undefined };
  const { __type: type, message } = Object(body) as { readonly __type?: unknown; readonly message?: unknown };
  const code = typeof type === 'string' ? type.replace(/^.*#/, '') : String(status);
  const said = `Kinesis answered ${code}: ${typeof message === 'string' ? message : text.slice(0, 200)}`;
  if (/Throttling|ThroughputExceeded|LimitExceeded|TooManyRequests/.test(code)) throw new Throttled(said, details);
  if (status === 403 || /AccessDenied|Signature|Token|UnrecognizedClient|InvalidClient/.test(code)) {
    throw new AccessDenied(said, details);
  }
  throw new (status >= 500 ? UpstreamFailed : UnexpectedAnswer)(said, details);
};
