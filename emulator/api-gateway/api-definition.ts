import * as z from 'zod/mini';
import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';
import { messageOf } from '../values.ts';
import type { MappingTemplate } from './mapping-template.ts';
import { readMappingTemplate } from './mapping-template.ts';

export interface IntegrationResponse {
  readonly statusCode: string;
  /** Matches the whole status of a service's answer, or the whole message of a function's error; the default response has none. */
  readonly selectionPattern?: RegExp;
  readonly templates: Templates;
  /** Header names to values. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What happens to a body whose content type has no template.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
export type Passthrough = (typeof passthroughs)[number];

/** Mapping templates by content type. */
export type Templates = ReadonlyMap<string, MappingTemplate>;

/** What an integration calls. */
export type Target =
  | { readonly type: 'mock' }
  /** An action of a service: `states` and `StartSyncExecution`. */
  | { readonly type: 'service'; readonly service: string; readonly action: string }
  | { readonly type: 'function'; readonly arn: string };

export interface Integration {
  readonly target: Target;
  readonly credentials: string;
  readonly requestTemplates: Templates;
  readonly passthrough: Passthrough;
  readonly responses: readonly IntegrationResponse[];
  readonly timeoutMilliseconds: number;
}

export interface Method {
  readonly httpMethod: string;
  readonly resourcePath: string;
  readonly isSigned: boolean;
  readonly integration: Integration;
}

export interface GatewayResponse {
  readonly statusCode: string | undefined;
  readonly templates: Templates;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ApiDefinition {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly policy: unknown;
  readonly methods: readonly Method[];
  /** By type: UNAUTHORIZED, DEFAULT_4XX … */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

const passthroughs = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;

const texts = z.optional(z.record(z.string(), z.string()));
const status = z.pipe(z.union([z.string(), z.number()]), z.transform(String));

const integrationResponse = z.object({
  StatusCode: status,
  SelectionPattern: z.optional(z.string()),
  ResponseTemplates: texts,
  ResponseParameters: texts,
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: 29 seconds unless it is raised. */
const defaultTimeout = 29_000;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-method-integration.html */
const integrationProperties = z.looseObject({
  Type: z.optional(z.string()),
  Uri: z.optional(z.string()),
  Credentials: z.optional(z.string()),
  RequestTemplates: texts,
  PassthroughBehavior: z._default(z.enum(passthroughs), 'WHEN_NO_MATCH'),
  TimeoutInMillis: z._default(z.coerce.number(), defaultTimeout),
  IntegrationResponses: z._default(z.array(integrationResponse), []),
});

const methodProperties = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z._default(z.string(), 'NONE'),
  Integration: integrationProperties,
});

const gatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.optional(status),
  ResponseTemplates: texts,
  ResponseParameters: texts,
});

/** Properties of an integration that change nothing here. */
const ignored = ['IntegrationHttpMethod', 'CacheKeyParameters', 'CacheNamespace'];
const known = Object.keys(integrationProperties.shape);

const readTemplates = (where: string, texts: Readonly<Record<string, string>> = {}): Templates =>
  new Map(
    Object.entries(texts).map(([contentType, text]) => {
      try {
        return [contentType, readMappingTemplate(text)];
      } catch (error) {
        throw new Error(`${where}: the template for ${contentType} is not Velocity: ${messageOf(error)}`, {
          cause: error,
        });
      }
    }),
  );

/** Headers with fixed values, such as `method.response.header.Retry-After: "'1'"`. */
const readHeaders = (
  where: string,
  parameters: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([target, source]) => {
      const name = /^(?:method\.response|gatewayresponse)\.header\.(.+)$/.exec(target)?.[1];
      const value = /^'(.*)'$/.exec(source)?.[1];
      if (name === undefined || value === undefined)
        throw new Error(`${where}: the parameter ${target} = ${source} is not supported`);
      return [name, value];
    }),
  );

const readResponse = (where: string, properties: z.infer<typeof integrationResponse>): IntegrationResponse => ({
  statusCode: properties.StatusCode,
  ...(properties.SelectionPattern && { selectionPattern: new RegExp(`^(?:${properties.SelectionPattern})$`) }),
  templates: readTemplates(where, properties.ResponseTemplates),
  headers: readHeaders(where, properties.ResponseParameters),
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html: `uri` */
const readTarget = (where: string, { Type: type, Uri: uri = '' }: z.infer<typeof integrationProperties>): Target => {
  const [, service = '', action = ''] = /^arn:[^:]+:apigateway:[^:]+:([\w-]+):action\/(\w+)$/.exec(uri) ?? [];
  const [, arn = ''] =
    /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri) ?? [];
  if (type === 'MOCK') return { type: 'mock' };
  if (type === 'AWS' && service !== '') return { type: 'service', service, action };
  if (type === 'AWS' && arn !== '') return { type: 'function', arn };
  throw new Error(`${where}: an integration ${type ?? 'without a type'} of ${uri} is not supported`);
};

const readIntegration = (where: string, properties: z.infer<typeof integrationProperties>): Integration => {
  const unknown = Object.keys(properties).find((name) => !known.includes(name) && !ignored.includes(name));
  if (unknown !== undefined) throw new Error(`${where}: the integration's ${unknown} is not supported`);
  const target = readTarget(where, properties);
  const { Credentials: credentials = '' } = properties;
  if (target.type === 'function' && credentials === '') {
    throw new Error(`${where}: a function that is run without Credentials, by its own policy, is not supported`);
  }
  return {
    ...{ target, credentials },
    requestTemplates: readTemplates(where, properties.RequestTemplates),
    passthrough: properties.PassthroughBehavior,
    responses: properties.IntegrationResponses.map((response) => readResponse(where, response)),
    timeoutMilliseconds: properties.TimeoutInMillis,
  };
};

/** The path of each AWS::ApiGateway::Resource by its id: `/orders/{orderId}`. */
const resourcePaths = (resources: readonly Resource[], rootId: string): ReadonlyMap<string, string> => {
  const parts = new Map(resources.map(({ ref, properties }) => [ref, properties]));
  const pathOf = (id: string): string => {
    const properties = parts.get(id);
    return properties ? `${pathOf(String(properties['ParentId']))}/${String(properties['PathPart'])}` : '';
  };
  return new Map([[rootId, '/'], ...[...parts.keys()].map((id): [string, string] => [id, pathOf(id)])]);
};

const readMethod = (paths: ReadonlyMap<string, string>, resource: Resource): Method => {
  const { logicalId } = resource;
  const method = readProperties(resource, methodProperties);
  const resourcePath = paths.get(method.ResourceId);
  if (resourcePath === undefined) throw new Error(`${logicalId}: its resource is not in the template`);
  const { AuthorizationType: authorization } = method;
  if (authorization !== 'AWS_IAM' && authorization !== 'NONE')
    throw new Error(`${logicalId}: ${JSON.stringify(authorization)} is not supported`);
  return {
    httpMethod: method.HttpMethod,
    resourcePath,
    isSigned: authorization === 'AWS_IAM',
    integration: readIntegration(logicalId, method.Integration),
  };
};

const readGatewayResponse = (resource: Resource): [string, GatewayResponse] => {
  const { logicalId } = resource;
  const response = readProperties(resource, gatewayResponse);
  return [
    response.ResponseType,
    {
      statusCode: response.StatusCode,
      templates: readTemplates(logicalId, response.ResponseTemplates),
      headers: readHeaders(logicalId, response.ResponseParameters),
    },
  ];
};

/** The template's REST APIs. @throws Error naming the resource and what is not supported in it. */
export const readApis = (template: LoadedTemplate): readonly ApiDefinition[] =>
  template.ofType('AWS::ApiGateway::RestApi').map((api) => {
    const partsOf = (type: string): readonly Resource[] =>
      template.ofType(type).filter(({ properties }) => properties['RestApiId'] === api.ref);
    const [stage] = partsOf('AWS::ApiGateway::Stage');
    if (!stage) throw new Error(`${api.logicalId}: the template must have an AWS::ApiGateway::Stage of it`);
    const paths = resourcePaths(partsOf('AWS::ApiGateway::Resource'), api.attributes['RootResourceId'] ?? '');
    return {
      id: api.ref,
      name: String(api.properties['Name']),
      stage: String(stage.properties['StageName']),
      policy: api.properties['Policy'],
      methods: partsOf('AWS::ApiGateway::Method').map((method) => readMethod(paths, method)),
      gatewayResponses: new Map(partsOf('AWS::ApiGateway::GatewayResponse').map(readGatewayResponse)),
    };
  });
