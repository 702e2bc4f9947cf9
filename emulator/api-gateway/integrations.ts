import type { Calls } from '../calls.ts';
import type { Clock } from '../clock.ts';
import { isInvokeAnswer } from '../lambda/service.ts';
import { errorStatus } from '../protocols/error-statuses.ts';
import type { HttpRequest } from '../protocols/http.ts';
import type { Parameters, RolePrincipal } from '../service.ts';
import { AwsError } from '../service.ts';
import { isObject, memberOf, messageOf } from '../values.ts';
import type { Integration } from './api-definition.ts';
import { GatewayFailure } from './gateway-failure.ts';

/** The answer of an integration. */
export interface Answer {
  /** What selection patterns are compared with: a status, or the message of a function's error. */
  readonly selector: string;
  readonly json: unknown;
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

interface Calling {
  readonly run: (service: string, action: string, parameters: Parameters) => Promise<object>;
  /** The rendered request template. */
  readonly body: string;
}

const callService = async (service: string, action: string, { run, body }: Calling): Promise<Answer> => {
  try {
    return { selector: '200', json: await run(service, action, readParameters(body)) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw new GatewayFailure('INTEGRATION_FAILURE', undefined, { cause: error });
    const status = errorStatus(service, error);
    return { selector: String(status), json: { __type: error.code, message: error.message } };
  }
};

/**
 * Runs a function. A function that fails is an answer too: without a pattern for its errorMessage it gets the default response.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
 * What Lambda itself refuses is no answer: without the permission the API is not configured right
 * (https://repost.aws/knowledge-center/api-gateway-internal-server-error), and everything else, throttling too, is an
 * INTEGRATION_FAILURE (https://stackoverflow.com/questions/36363280/map-aws-lambda-429-errors-to-api-gateway-2xx-response).
 */
const runFunction = async (arn: string, { run, body }: Calling): Promise<Answer> => {
  try {
    const answer = await run('lambda', 'Invoke', { FunctionName: arn, Payload: body });
    if (!isInvokeAnswer(answer)) throw new Error('Lambda answered something else');
    const json: unknown = JSON.parse(answer.Payload);
    const message = answer.FunctionError ? memberOf(json, 'errorMessage') : '';
    return { selector: typeof message === 'string' ? message : '', json };
  } catch (error) {
    const isDenied = error instanceof AwsError && error.code.startsWith('AccessDenied');
    throw new GatewayFailure(isDenied ? 'API_CONFIGURATION_ERROR' : 'INTEGRATION_FAILURE', undefined, { cause: error });
  }
};

/**
 * A mock integration answers the status in its template. Many templates are not quite JSON: `{ statusCode: 200 }`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
const mockAnswer = (body: string): Answer => ({
  selector: /"?statusCode"?\s*:\s*(\d{3})/.exec(body)?.[1] ?? '500',
  json: {},
});

/** The call to a service or a function, with the permissions of the integration's role. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html */
const callTarget = (
  { assumeRole, calls }: IntegrationOptions,
  { target, credentials }: Integration,
  body: string,
  { signal, baseUrl }: HttpRequest,
): Promise<Answer> | Answer => {
  if (target.type === 'mock') return mockAnswer(body);
  const principal = assumeRole(credentials);
  const run: Calling['run'] = (service, action, parameters) =>
    calls.run(service, action, parameters, { principal, signal, baseUrl });
  return target.type === 'function'
    ? runFunction(target.arn, { run, body })
    : callService(target.service, target.action, { run, body });
};

/** @throws GatewayFailure when the integration takes longer than it may, or breaks. */
export const runIntegration = async (
  options: IntegrationOptions,
  integration: Integration,
  body: string,
  request: HttpRequest,
): Promise<Answer> => {
  const timeout = Promise.withResolvers<never>();
  const cancel = options.clock.limit(integration.timeoutMilliseconds, () => {
    timeout.reject(new GatewayFailure('INTEGRATION_TIMEOUT'));
  });
  try {
    return await Promise.race([callTarget(options, integration, body, request), timeout.promise]);
  } finally {
    cancel();
  }
};
