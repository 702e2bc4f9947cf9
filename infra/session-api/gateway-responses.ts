import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ErrorBody, ErrorName } from '../../client/shared/errors.ts';

interface Refusal {
  readonly type: ResponseType;
  /** Absent: the one API Gateway gives. */
  readonly status?: string;
  readonly error: ErrorName;
  readonly message: string;
}

const accessDenied = 'The caller is not allowed to do this.';
const badSignature = 'The request is not signed, or not as it should be, or there is no such route.';

/**
 * API Gateway's own answers in the shape of our errors. The messages are ours, because its own contain the ARNs of the caller and the API.
 * Its answer to a request over 10 MB is not here, because it cannot be changed: 413 `{"message":"Request Too Long"}`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
const refusals: readonly Refusal[] = [
  { type: ResponseType.DEFAULT_4XX, error: 'InvalidRequest', message: 'The request cannot be understood.' },
  { type: ResponseType.DEFAULT_5XX, error: 'UpstreamFailed', message: 'The service is not working as it should.' },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    error: 'InvalidRequest',
    message: 'The path and the query must be UTF-8, percent-encoded.',
  },
  { type: ResponseType.BAD_REQUEST_BODY, error: 'InvalidRequest', message: 'The body must be UTF-8.' },
  { type: ResponseType.ACCESS_DENIED, error: 'AccessDenied', message: accessDenied },
  { type: ResponseType.UNAUTHORIZED, status: '403', error: 'AccessDenied', message: accessDenied },
  { type: ResponseType.WAF_FILTERED, error: 'AccessDenied', message: accessDenied },
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, error: 'AccessDenied', message: badSignature },
  { type: ResponseType.INVALID_SIGNATURE, error: 'AccessDenied', message: badSignature },
  {
    type: ResponseType.EXPIRED_TOKEN,
    error: 'AccessDenied',
    message: 'The keys the request is signed with have expired.',
  },
  { type: ResponseType.RESOURCE_NOT_FOUND, error: 'NotFound', message: 'There is no such route.' },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    error: 'UnsupportedMediaType',
    message: 'A body must be of the content type application/json.',
  },
  {
    type: ResponseType.THROTTLED,
    error: 'Throttled',
    message: 'There are too many requests at the moment; try again later.',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    error: 'Throttled',
    message: 'There are too many requests at the moment; try again later.',
  },
  { type: ResponseType.INTEGRATION_TIMEOUT, error: 'TimedOut', message: 'The request took too long and was given up.' },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: '502',
    error: 'UpstreamFailed',
    message: 'Something the service depends on failed.',
  },
];

/** @param toPages whether pages of other origins may read them; they contain nothing secret. */
export const addGatewayResponses = (api: RestApi, toPages: boolean): void => {
  for (const { type, status, error, message } of refusals) {
    api.addGatewayResponse(type.responseType, {
      type,
      ...(status !== undefined && { statusCode: status }),
      responseHeaders: {
        ...(error === 'Throttled' && { 'Retry-After': "'1'" }),
        ...(toPages && { 'Access-Control-Allow-Origin': "'*'" }),
      },
      templates: { 'application/json': JSON.stringify({ error, message } satisfies ErrorBody) },
    });
  }
};
