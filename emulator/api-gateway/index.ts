import { randomUUID } from 'node:crypto';
import type { Access } from '../access/index.ts';
import type { EpochMilliseconds } from '../clock.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../protocols/http.ts';
import { httpRefusal } from '../protocols/http-refusals.ts';
import { AwsError } from '../service.ts';
import type { PolicyDocument, Principal } from '../service.ts';
import type { ApiDefinition, Integration, IntegrationResponse } from './api-definition.ts';
import { GatewayFailure, answerFailure } from './gateway-failure.ts';
import type { FailureKind } from './gateway-failure.ts';
import { inputVariable } from './input-variable.ts';
import { runIntegration } from './integrations.ts';
import type { Answer, IntegrationOptions } from './integrations.ts';
import { decodePathParameters, decodeQuery, flattenHeaders } from './parameters.ts';
import { nearestRoute } from './nearest-route.ts';
import { Routes } from './routes.ts';
import type { Match } from './routes.ts';
import { utilVariable } from './util-variable.ts';

export interface ApiGatewayOptions extends IntegrationOptions {
  readonly api: ApiDefinition;
  /** What stands before the API's own paths: `/a1b2c3d4e5`. Default: nothing. */
  readonly basePath?: string;
  readonly access: Pick<Access, 'authenticate' | 'authorize' | 'readResourcePolicy'>;
  readonly accountId: string;
  readonly region: string;
  /** `iam`: methods with AWS_IAM need a signature, and the resource policy is evaluated. `none`: everybody on the machine may call. */
  readonly auth: 'none' | 'iam';
  /** A path without a route is answered with 404 and the nearest route; otherwise as API Gateway does, with 403. */
  readonly explainUnknownRoutes?: boolean;
  /** Called with the reason of a 5xx, such as a template that reads a member that does not exist. */
  readonly onProblem: (problem: Error) => void;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const maxBodyBytes = 10 * 1024 * 1024;

interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

const decode = (request: HttpRequest, { rawParameters }: Match): Parameters => {
  try {
    return {
      path: decodePathParameters(rawParameters),
      querystring: decodeQuery(request.query),
      header: flattenHeaders(request.headers),
    };
  } catch (error) {
    throw new GatewayFailure('BAD_REQUEST_PARAMETERS', undefined, { cause: error });
  }
};

/** A byte order mark stays: the integration refuses it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeBody = ({ body }: HttpRequest): string => {
  try {
    return decoder.decode(body);
  } catch (error) {
    throw new GatewayFailure('BAD_REQUEST_BODY', undefined, { cause: error });
  }
};

/**
 * The template for a media type, without its parameters; a request without one counts as JSON. Undefined where the body passes through.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
const templateFor = ({ requestTemplates, passthrough }: Integration, contentType = 'application/json') => {
  const template = requestTemplates.get(contentType.split(';')[0]?.trim().toLowerCase() ?? '');
  const passes =
    passthrough === 'WHEN_NO_MATCH' || (passthrough === 'WHEN_NO_TEMPLATES' && requestTemplates.size === 0);
  if (!template && !passes) throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE');
  return template;
};

/** The first response whose pattern matches the status, or the error of a function, else the one without a pattern. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html */
const responseFor = (responses: readonly IntegrationResponse[], { selector }: Answer): IntegrationResponse => {
  const byPattern = responses.find(({ selectionPattern }) => selectionPattern?.test(selector));
  const response = byPattern ?? responses.find(({ selectionPattern }) => !selectionPattern);
  if (!response) throw new GatewayFailure('API_CONFIGURATION_ERROR');
  return response;
};

/** Which gateway response a refused signature gets, by the error's code. */
const signatureFailures: readonly (readonly [RegExp, FailureKind])[] = [
  [/^MissingAuthenticationToken/, 'MISSING_AUTHENTICATION_TOKEN'],
  [/^ExpiredToken/, 'EXPIRED_TOKEN'],
  [/^AccessDenied/, 'ACCESS_DENIED'],
];

const asFailure = (error: unknown): GatewayFailure => {
  if (error instanceof GatewayFailure) return error;
  if (!(error instanceof AwsError)) return new GatewayFailure('API_CONFIGURATION_ERROR', undefined, { cause: error });
  const kind = signatureFailures.find(([codes]) => codes.test(error.code))?.[1] ?? 'INVALID_SIGNATURE';
  return new GatewayFailure(kind, error.message, { cause: error });
};

/** As in the Common Log Format: `09/Feb/2024:18:11:43 +0000`. */
const commonLogTime = (time: EpochMilliseconds): string => {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
};

/**
 * $context in templates; a response may override its status and headers in it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
interface Context {
  readonly responseOverride: { status?: number | string; readonly header: Record<string, string> };
}

class ApiGateway {
  readonly #options: ApiGatewayOptions;
  readonly #routes: Routes;
  readonly #policy: PolicyDocument | undefined;

  constructor(options: ApiGatewayOptions) {
    this.#options = options;
    this.#routes = new Routes(options.api.methods, options.api.stage);
    const { policy } = options.api;
    this.#policy = policy === undefined ? undefined : options.access.readResourcePolicy(JSON.stringify(policy));
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const match = this.#routes.find(request.method, this.#pathOf(request));
    if (!match && this.#options.explainUnknownRoutes) return this.#explainRoute(request);
    try {
      if (!match) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
      if (request.body.length > maxBodyBytes) throw new GatewayFailure('REQUEST_TOO_LARGE');
      this.#authorize(request, match);
      return await this.#integrate(request, match);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.cause instanceof Error && failure.kind.includes('_ERROR')) this.#options.onProblem(failure.cause);
      return answerFailure(this.#options.api, failure, this.#context(request, match));
    }
  }

  #pathOf({ path }: HttpRequest): string {
    return path.slice(this.#options.basePath?.length);
  }

  #explainRoute(request: HttpRequest): HttpResponse {
    const { stage, methods } = this.#options.api;
    const path = this.#pathOf(request);
    const answered = [...new Set(methods.map(({ httpMethod }) => httpMethod))]
      .filter((method) => method !== 'OPTIONS' && this.#routes.find(method, path))
      .join(' and ');
    if (answered) return httpRefusal(404, 'NotFound', `${path} answers ${answered}, not ${request.method}.`);
    const ownPath = path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
    const nearest = nearestRoute([...new Set(methods.map(({ resourcePath }) => resourcePath))], ownPath);
    const hint = nearest === undefined ? '' : ` The nearest one is ${nearest}.`;
    return httpRefusal(404, 'NotFound', `There is no route ${request.method} ${path}.${hint}`);
  }

  /**
   * A method without authorization needs an explicit allow of the resource policy, if the API has one, and so does OPTIONS.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
   */
  #authorize(request: HttpRequest, { method, path }: Match): void {
    const { access, auth, api, region, accountId } = this.#options;
    if (auth === 'none' || (!method.isSigned && !this.#policy)) return;
    const principal: Principal = method.isSigned ? access.authenticate(request, 'execute-api') : { type: 'anonymous' };
    const resource = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${api.stage}/${request.method}${path}`;
    access.authorize(principal, [{ action: 'execute-api:Invoke', resource, resourcePolicy: this.#policy }]);
  }

  async #integrate(request: HttpRequest, match: Match): Promise<HttpResponse> {
    const { integration } = match.method;
    const parameters = decode(request, match);
    const template = templateFor(integration, request.headers['content-type']);
    const body = decodeBody(request);
    const input = inputVariable({ ...parameters, body, parse: (): unknown => JSON.parse(body || '{}') });
    const context = this.#context(request, match);
    const mapped = template?.render({ input, util: utilVariable, context }) ?? body;
    const answer = await runIntegration(this.#options, integration, mapped, request);
    return this.#answer(responseFor(integration.responses, answer), answer, parameters, context);
  }

  #answer(response: IntegrationResponse, answer: Answer, parameters: Parameters, context: Context): HttpResponse {
    const template = response.templates.get('application/json');
    const input = inputVariable({ ...parameters, body: '', parse: () => answer.json });
    const body = template?.render({ input, util: utilVariable, context }) ?? JSON.stringify(answer.json);
    const { status, header } = context.responseOverride;
    return {
      status: Number(status ?? response.statusCode),
      headers: { 'content-type': 'application/json', ...response.headers, ...header },
      body,
    };
  }

  #context(request: HttpRequest, match: Match | undefined): Context & Readonly<Record<string, unknown>> {
    const { api, clock, accountId } = this.#options;
    const now = clock.now();
    return {
      accountId,
      apiId: api.id,
      stage: api.stage,
      httpMethod: request.method,
      path: match ? `/${api.stage}${match.path}` : this.#pathOf(request),
      resourcePath: match?.method.resourcePath ?? '',
      requestId: request.requestId,
      extendedRequestId: randomUUID(),
      requestTimeEpoch: now,
      requestTime: commonLogTime(now),
      protocol: 'HTTP/1.1',
      identity: { sourceIp: '127.0.0.1', userAgent: request.headers['user-agent'] ?? '' },
      responseOverride: { header: {} },
    };
  }
}

/** Answers requests that are for no AWS service, as a REST API of the template does. */
export const createApiGateway = (options: ApiGatewayOptions): HttpHandler => {
  const gateway = new ApiGateway(options);
  return (request) => gateway.handle(request);
};
