import type { LoadedTemplate, Resource } from '../template/index.ts';
import type { MappingTemplate } from './mapping-template.ts';
import { readMappingTemplate } from './mapping-template.ts';

export interface IntegrationResponse {
  readonly statusCode: string;
  /** Matches the whole status of the integration's answer; the default response has none. */
  readonly selectionPattern?: RegExp;
  readonly templates: Templates;
  /** Header names to values. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Mapping templates by content type. */
export type Templates = ReadonlyMap<string, MappingTemplate>;

export interface Integration {
  readonly type: 'AWS' | 'MOCK';
  /** The service and action it calls: `states` and `StartSyncExecution`. */
  readonly service: string;
  readonly action: string;
  readonly credentials: string;
  readonly requestTemplates: Templates;
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
  readonly stage: string;
  readonly policy: unknown;
  readonly methods: readonly Method[];
  /** By type: UNAUTHORIZED, DEFAULT_4XX … */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
}

interface IntegrationProperties {
  readonly Type?: string;
  readonly Uri?: string;
  readonly Credentials?: string;
  readonly RequestTemplates?: Readonly<Record<string, string>>;
  readonly PassthroughBehavior?: string;
  readonly TimeoutInMillis?: number | string;
  readonly IntegrationResponses?: readonly IntegrationResponseProperties[];
}

interface IntegrationResponseProperties {
  readonly StatusCode: string | number;
  readonly SelectionPattern?: string;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
}

/** Properties of an integration that change nothing here. */
const ignored = ['IntegrationHttpMethod', 'CacheKeyParameters', 'CacheNamespace'];
const known = [
  'Type',
  'Uri',
  'Credentials',
  'RequestTemplates',
  'PassthroughBehavior',
  'TimeoutInMillis',
  'IntegrationResponses',
];

const readTemplates = (where: string, texts: Readonly<Record<string, string>> = {}): Templates =>
  new Map(
    Object.entries(texts).map(([contentType, text]) => {
      try {
        return [contentType, readMappingTemplate(text)];
      } catch (error) {
        throw new Error(`${where}: the template for ${contentType} is not Velocity: ${(error as Error).message}`, {
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

const readResponse = (where: string, properties: IntegrationResponseProperties): IntegrationResponse => ({
  statusCode: String(properties.StatusCode),
  ...(properties.SelectionPattern && { selectionPattern: new RegExp(`^(?:${properties.SelectionPattern})$`) }),
  templates: readTemplates(where, properties.ResponseTemplates),
  headers: readHeaders(where, properties.ResponseParameters),
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: 29 seconds unless it is raised. */
const defaultTimeout = 29_000;

const readIntegration = (where: string, properties: IntegrationProperties): Integration => {
  const unknown = Object.keys(properties).find((name) => !known.includes(name) && !ignored.includes(name));
  if (unknown !== undefined) throw new Error(`${where}: the integration's ${unknown} is not supported`);
  const { Type: type, Uri: uri = '' } = properties;
  const [, service = '', action = ''] = /^arn:[^:]+:apigateway:[^:]+:([\w-]+):action\/(\w+)$/.exec(uri) ?? [];
  if (type !== 'MOCK' && (type !== 'AWS' || service === '')) {
    throw new Error(`${where}: an integration ${type ?? 'without a type'} of ${uri} is not supported`);
  }
  return {
    type,
    service,
    action,
    credentials: properties.Credentials ?? '',
    requestTemplates: readTemplates(where, properties.RequestTemplates),
    responses: (properties.IntegrationResponses ?? []).map((response) => readResponse(where, response)),
    timeoutMilliseconds: Number(properties.TimeoutInMillis ?? defaultTimeout),
  };
};

/** The path of each AWS::ApiGateway::Resource by its id: `/orders/{orderId}`. */
const resourcePaths = (template: LoadedTemplate, rootId: string): ReadonlyMap<string, string> => {
  const parts = new Map(template.ofType('AWS::ApiGateway::Resource').map(({ ref, properties }) => [ref, properties]));
  const pathOf = (id: string): string => {
    const properties = parts.get(id);
    return properties ? `${pathOf(String(properties['ParentId']))}/${String(properties['PathPart'])}` : '';
  };
  return new Map([[rootId, '/'], ...[...parts.keys()].map((id): [string, string] => [id, pathOf(id)])]);
};

const readMethod = (paths: ReadonlyMap<string, string>, { logicalId, properties }: Resource): Method => {
  const resourcePath = paths.get(String(properties['ResourceId']));
  if (resourcePath === undefined) throw new Error(`${logicalId}: its resource is not in the template`);
  const authorization = properties['AuthorizationType'] ?? 'NONE';
  if (authorization !== 'AWS_IAM' && authorization !== 'NONE')
    throw new Error(`${logicalId}: ${JSON.stringify(authorization)} is not supported`);
  return {
    httpMethod: String(properties['HttpMethod']),
    resourcePath,
    isSigned: authorization === 'AWS_IAM',
    integration: readIntegration(logicalId, properties['Integration'] ?? {}),
  };
};

const readGatewayResponse = ({ logicalId, properties }: Resource): [string, GatewayResponse] => [
  String(properties['ResponseType']),
  {
    statusCode: (properties['StatusCode'] as string | undefined)?.toString(),
    templates: readTemplates(logicalId, properties['ResponseTemplates'] as Record<string, string> | undefined),
    headers: readHeaders(logicalId, properties['ResponseParameters'] as Record<string, string> | undefined),
  },
];

/** The template's REST API; undefined when it has none. @throws Error naming the resource and what is not supported in it. */
export const readApi = (template: LoadedTemplate): ApiDefinition | undefined => {
  const [api, ...others] = template.ofType('AWS::ApiGateway::RestApi');
  if (!api) return undefined;
  if (others.length > 0) throw new Error('A template with several AWS::ApiGateway::RestApi is not supported');
  const [stage] = template.ofType('AWS::ApiGateway::Stage');
  if (!stage) throw new Error('The template must have an AWS::ApiGateway::Stage');
  const paths = resourcePaths(template, api.attributes['RootResourceId'] ?? '');
  return {
    id: api.ref,
    stage: String(stage.properties['StageName']),
    policy: api.properties['Policy'],
    methods: template.ofType('AWS::ApiGateway::Method').map((method) => readMethod(paths, method)),
    gatewayResponses: new Map(template.ofType('AWS::ApiGateway::GatewayResponse').map(readGatewayResponse)),
  };
};
