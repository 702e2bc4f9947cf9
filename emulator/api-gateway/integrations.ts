import type { Calls } from '../calls.ts';
import type { Clock } from '../clock.ts';
import { errorStatus } from '../protocols/error-statuses.ts';
import type { HttpRequest } from '../protocols/http.ts';
import type { Parameters, RolePrincipal } from '../service.ts';
import { AwsError } from '../service.ts';
import { isObject, messageOf } from '../values.ts';
import type { Integration } from './api-definition.ts';
import { GatewayFailure } from './gateway-failure.ts';

/** The answer of an integration. */
export interface Answer {
  readonly status: number;
  readonly json: object;
}

export interface IntegrationOptions {
  /** Limits how long an integration may take. */
  readonly clock: Clock;
  readonly calls: Pick<Calls, 'run'>;
  /** A session of the integration's role. @throws Error unless it may be assumed. */
  readonly assumeRole: (roleArn: string) => RolePrincipal;
}

/** A service reads its request as JSON and refuses any other text. */
const readParameters = (text: string): Parameters => {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new AwsError('SerializationException', messageOf(error));
  }
  throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
};

/** The call to the service, with the permissions of the integration's role. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html */
const callService = async (
  options: IntegrationOptions,
  integration: Integration,
  body: string,
  request: HttpRequest,
): Promise<Answer> => {
  const { service, action, credentials } = integration;
  const principal = options.assumeRole(credentials);
  try {
    const call = { principal, signal: request.signal, baseUrl: request.baseUrl };
    return { status: 200, json: await options.calls.run(service, action, readParameters(body), call) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw new GatewayFailure('INTEGRATION_FAILURE', undefined, { cause: error });
    return { status: errorStatus(service, error), json: { __type: error.code, message: error.message } };
  }
};

/**
 * A mock integration answers the status in its template. Many templates are not quite JSON: `{ statusCode: 200 }`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
const mockAnswer = (body: string): Answer => ({
  status: Number(/"?statusCode"?\s*:\s*(\d{3})/.exec(body)?.[1] ?? 500),
  json: {},
});

/** @throws GatewayFailure when the integration takes longer than it may, or breaks. */
export const runIntegration = async (
  options: IntegrationOptions,
  integration: Integration,
  body: string,
  request: HttpRequest,
): Promise<Answer> => {
  if (integration.type === 'MOCK') return mockAnswer(body);
  const timeout = Promise.withResolvers<never>();
  const callOff = options.clock.limit(integration.timeoutMilliseconds, () => {
    timeout.reject(new GatewayFailure('INTEGRATION_TIMEOUT'));
  });
  try {
    return await Promise.race([callService(options, integration, body, request), timeout.promise]);
  } finally {
    callOff();
  }
};
