import type { HttpResponse } from '../protocols/http.ts';
import type { ApiDefinition } from './api-definition.ts';

/**
 * The gateway responses the emulator gives, with API Gateway's own status of each.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 * Assumed: the messages; 400 for a path, a query or a body that is not valid UTF-8; the header x-amzn-errortype.
 */
const kinds = {
  ACCESS_DENIED: { status: 403, message: 'Forbidden' },
  BAD_REQUEST_BODY: { status: 400, message: 'The body is not UTF-8' },
  BAD_REQUEST_PARAMETERS: { status: 400, message: 'The path or the query is not percent-encoded UTF-8' },
  EXPIRED_TOKEN: { status: 403, message: 'The security token included in the request is expired' },
  INTEGRATION_FAILURE: { status: 504, message: 'Internal server error' },
  INTEGRATION_TIMEOUT: { status: 504, message: 'Endpoint request timed out' },
  API_CONFIGURATION_ERROR: { status: 500, message: 'Internal server error' },
  INVALID_SIGNATURE: {
    status: 403,
    message: 'The request signature we calculated does not match the signature you provided',
  },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: 'Missing Authentication Token' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Unsupported Media Type' },
} as const;

export type FailureKind = keyof typeof kinds;

/** API Gateway itself answers, without the integration. */
export class GatewayFailure extends Error {
  override readonly name = 'GatewayFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string = kinds[kind].message, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * The answer to a failure as the template's gateway responses word it: its own kind's, else the default of its class. That of
 * REQUEST_TOO_LARGE cannot be changed: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export const answerFailure = (api: ApiDefinition, failure: GatewayFailure, context: object): HttpResponse => {
  const { status } = kinds[failure.kind];
  const byDefault = api.gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const isFixed = failure.kind === 'REQUEST_TOO_LARGE';
  const response = isFixed ? undefined : (api.gatewayResponses.get(failure.kind) ?? byDefault);
  const error = {
    message: failure.message,
    messageString: JSON.stringify(failure.message),
    responseType: failure.kind,
  };
  const template = response?.templates.get('application/json');
  const body = template?.render({ context: { ...context, error } }) ?? JSON.stringify({ message: failure.message });
  return {
    status: Number(response?.statusCode ?? status),
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': failure.kind, ...response?.headers },
    body,
  };
};
