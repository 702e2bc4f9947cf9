import type { ErrorName } from '../shared/errors.ts';
import { isJsonObject, parseJson, type JsonObject } from '../shared/json.ts';
import {
  AccessDenied,
  apiErrors,
  InvalidRequest,
  MessageTooLarge,
  Throttled,
  UnexpectedAnswer,
  UpstreamFailed,
  type ErrorDetails,
  type SqsBrowserError,
} from './errors.ts';

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const isErrorName = (value: unknown): value is ErrorName =>
  typeof value === 'string' && Object.hasOwn(apiErrors, value);

/** Seconds, from a number of them or a date; 0 for anything else. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
const readRetryAfter = (value: string | null, now: number): number => {
  if (value === null) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Math.max(0, seconds) || 0;
};

/**
 * The name of an AWS service's error without its namespace: Kinesis answers it in the body, API Gateway in a header.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
 */
export const errorCodeOf = ({ status, headers, text }: Answer): string => {
  const body = parseJson(text);
  const inBody = isJsonObject(body) ? (textOf(body['__type']) ?? textOf(body['error'])) : undefined;
  const code = headers.get('x-amzn-errortype') ?? inBody ?? String(status);
  return code.replace(/^.*#/, '').replace(/:.*$/, '');
};

/**
 * AWS's names for credentials that are expired, unknown or wrong; API Gateway has names of its own for some.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const credentialErrors = new Set([
  ...['expiredtoken', 'unrecognizedclient', 'invalidclienttokenid', 'invalidtoken', 'requestexpired'],
  ...['invalidsignature', 'signaturedoesnotmatch', 'incompletesignature', 'missingauthenticationtoken'],
  // What the service's API answers when nothing on the way left the header in place.
  'accessdenied',
]);

/**
 * Whether the error says that the credentials are refused, so that other credentials may be accepted. AWS's own
 * AccessDeniedException does not: those credentials are right, but not allowed to do this.
 */
export const isCredentialError = (code: string): boolean =>
  code !== 'AccessDeniedException' &&
  code !== 'ACCESS_DENIED' &&
  credentialErrors.has(
    code
      .replaceAll('_', '')
      .replace(/Exception$/, '')
      .toLowerCase(),
  );

/**
 * The error that the API names: of an answer that is not a success, or of one event of a publish call.
 * @param otherwise the message when there is none
 * @param retryAfter seconds
 */
export const readError = (
  body: JsonObject,
  otherwise: string,
  details: ErrorDetails = {},
  retryAfter = 0,
): SqsBrowserError => {
  const { status = 0 } = details;
  const name = isErrorName(body['error']) ? body['error'] : undefined;
  const message = textOf(body['message']) ?? otherwise;
  if (name === 'InvalidRequest') return new InvalidRequest(message, { ...details, field: textOf(body['field']) });
  // API Gateway's own answer to a request that is too large cannot be changed: { "message": "Request Too Long" }.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  if (name === 'MessageTooLarge' || status === 413) {
    return new MessageTooLarge(message, { ...details, bytes: numberOf(body['bytes']), limit: numberOf(body['limit']) });
  }
  if (name === 'Throttled' || status === 429) {
    return new Throttled(message, { ...details, retryAfter });
  }
  if (name) return new apiErrors[name](message, details);
  return new (status >= 500 ? UpstreamFailed : UnexpectedAnswer)(message, details);
};

/**
 * Returns the object that the API answered.
 * @param now epoch milliseconds by the service's clock
 * @throws the error of the API that the answer names; UpstreamFailed for any other 5xx, UnexpectedAnswer for anything else
 */
export const readAnswer = (answer: Answer, now: number): JsonObject => {
  const body = parseJson(answer.text);
  if (answer.status === 200 && isJsonObject(body)) return body;
  const { status, headers, text } = answer;
  throw readError(
    isJsonObject(body) ? body : {},
    `The API answered ${status}: ${text.slice(0, 200)}`,
    { status, requestId: headers.get('x-amzn-requestid') ?? undefined },
    readRetryAfter(headers.get('retry-after'), now),
  );
};

const readKinesisError = (answer: Answer, body: JsonObject): SqsBrowserError => {
  const { status, headers, text } = answer;
  const details = { status, requestId: headers.get('x-amzn-requestid') ?? undefined };
  const code = errorCodeOf(answer);
  const message = `Kinesis answered ${code}: ${textOf(body['message']) ?? text.slice(0, 200)}`;
  if (/Throttling|ThroughputExceeded|LimitExceeded|TooManyRequests/.test(code)) return new Throttled(message, details);
  if (status === 403 || isCredentialError(code) || code.startsWith('AccessDenied')) {
    return new AccessDenied(message, details);
  }
  return new (status >= 500 ? UpstreamFailed : UnexpectedAnswer)(message, details);
};

/**
 * Returns the object that Kinesis answered. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html
 * @throws Throttled and UpstreamFailed, after which a retry may help; AccessDenied and UnexpectedAnswer
 */
export const readKinesisAnswer = (answer: Answer): JsonObject => {
  const body = parseJson(answer.text);
  if (answer.status === 200 && isJsonObject(body)) return body;
  throw readKinesisError(answer, isJsonObject(body) ? body : {});
};
