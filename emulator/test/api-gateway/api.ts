import * as z from 'zod/mini';
import { readApis } from '../../api-gateway/api-definition.ts';
import { createApiGateway } from '../../api-gateway/index.ts';
import { MovableClock } from '../../clock.ts';
import type { HttpRequest } from '../../protocols/http.ts';
import { AwsError } from '../../service.ts';
import type { Parameters, Principal } from '../../service.ts';
import type { Resource } from '../../template/index.ts';

type Properties = Readonly<Record<string, unknown>>;

const resource = (logicalId: string, type: string, properties: Properties, attributes = {}): Resource => ({
  logicalId,
  type: `AWS::ApiGateway::${type}`,
  properties,
  metadata: {},
  ref: logicalId,
  attributes,
});

const requestTemplate = `{"input":"{\\"path\\":{#foreach($name in $input.params().path.keySet())\\"$name\\":\\"$util.escapeJavaScript($util.escapeJavaScript($input.params().path.get($name))).replaceAll("\\\\'", "'")\\"#if($foreach.hasNext),#end#end},\\"body\\":\\"$util.escapeJavaScript($util.escapeJavaScript($input.body))\\"}","stateMachineArn":"arn:machine"}`;

const responseTemplate = `#set($status = $input.path('$.status'))
#if($status == "SUCCEEDED")
$input.path('$.output')
#elseif($input.path('$.error') == "Busy")
#set($context.responseOverride.status = 429)
#set($context.responseOverride.header.Retry-After = "1")
{"error":"Busy"}
#else
#set($context.responseOverride.status = 502)
{"error":"$context.requestId"}
#end`;

const integration = {
  Type: 'AWS',
  IntegrationHttpMethod: 'POST',
  Uri: 'arn:aws:apigateway:us-east-1:states:action/StartSyncExecution',
  Credentials: 'arn:aws:iam::000000000000:role/api',
  PassthroughBehavior: 'NEVER',
  RequestTemplates: { 'application/json': requestTemplate },
  IntegrationResponses: [
    { StatusCode: '200', ResponseTemplates: { 'application/json': responseTemplate } },
    {
      StatusCode: '413',
      SelectionPattern: '4\\d\\d',
      ResponseTemplates: { 'application/json': `{"refused":"$input.path('$.__type')"}` },
    },
  ],
};

const contextTemplate = String.raw`{"input":"[\"$context.path\",\"$context.requestTime\"]"}`;

const runFunction = {
  Type: 'AWS',
  IntegrationHttpMethod: 'POST',
  Uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:sum/invocations',
  Credentials: 'arn:aws:iam::000000000000:role/api',
  RequestTemplates: { 'application/json': '{"body":"$util.escapeJavaScript($input.body)"}' },
  IntegrationResponses: [
    { StatusCode: '200', ResponseTemplates: { 'application/json': "$input.json('$')" } },
    {
      StatusCode: '409',
      SelectionPattern: '.*taken.*',
      ResponseTemplates: { 'application/json': '{"error":"Conflict"}' },
    },
  ],
};

const mock = {
  Type: 'MOCK',
  RequestTemplates: { 'application/json': '{ statusCode: 204 }' },
  IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { 'method.response.header.X-Fixed': "'yes'" } }],
};

const method = (resourceId: string, httpMethod: string, more: Properties = {}) =>
  resource(`${resourceId}${httpMethod}`, 'Method', {
    ResourceId: resourceId,
    HttpMethod: httpMethod,
    AuthorizationType: 'AWS_IAM',
    Integration: integration,
    ...more,
  });

const path = (id: string, parent: string, part: string) =>
  resource(id, 'Resource', { ParentId: parent, PathPart: part });

const resources: readonly Resource[] = [
  resource('Api', 'RestApi', {}, { RootResourceId: 'root' }),
  resource('Stage', 'Stage', { StageName: 'dev' }),
  path('Status', 'root', 'orders'),
  path('Raw', 'root', 'raw'),
  method('Raw', 'GET', {
    Integration: { ...integration, RequestTemplates: { 'application/json': contextTemplate } },
  }),
  method('Raw', 'POST', { Integration: { ...integration, PassthroughBehavior: undefined } }),
  method('Raw', 'PUT', { Integration: { ...integration, PassthroughBehavior: 'WHEN_NO_TEMPLATES' } }),
  method('Raw', 'PATCH', {
    Integration: { ...integration, PassthroughBehavior: 'WHEN_NO_TEMPLATES', RequestTemplates: {} },
  }),
  path('Account', 'Status', '{shopId}'),
  path('All', 'Account', 'all'),
  path('Session', 'Account', '{orderId}'),
  method('Status', 'GET'),
  method('Account', 'GET'),
  method('All', 'GET'),
  method('Session', 'GET'),
  method('Session', 'POST'),
  method('All', 'PUT', { Integration: runFunction }),
  method('Session', 'OPTIONS', { AuthorizationType: 'NONE', Integration: mock }),
  resource('Default4', 'GatewayResponse', {
    ResponseType: 'DEFAULT_4XX',
    ResponseTemplates: {
      'application/json': '{"error":"$context.error.responseType","message":$context.error.messageString}',
    },
  }),
  resource('NoRoute', 'GatewayResponse', {
    ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
    StatusCode: '404',
    ResponseParameters: { 'gatewayresponse.header.X-Own': "'own'" },
    ResponseTemplates: { 'application/json': '{"error":"NotFound"}' },
  }),
];

type Run = (parameters: Parameters) => Promise<object> | object;

/** An API whose integrations are answered by `run`. */
export const apiOf = (
  run: Run = ({ input }) => ({ status: 'SUCCEEDED', output: input }),
  auth: 'none' | 'iam' = 'none',
  { clock = new MovableClock(), policy }: { readonly clock?: MovableClock; readonly policy?: object } = {},
) => {
  const problems: Error[] = [];
  const principals: Principal[] = [];
  const authorized: string[] = [];
  const [api] = readApis({
    resources: new Map(),
    outputs: {},
    roles: [],
    ofType: (type) =>
      resources
        .filter((one) => one.type === type)
        .map((one) => ({
          ...one,
          properties: one.logicalId === 'Api' ? { Policy: policy } : { RestApiId: 'Api', ...one.properties },
        })),
  });
  if (!api) throw new Error('The template has no API');
  const handle = createApiGateway({
    api,
    calls: {
      run: async (_service, _action, parameters, { principal }) => {
        principals.push(principal);
        return run(parameters);
      },
    },
    assumeRole: (roleArn) => ({ type: 'role', roleArn, roleName: 'api', roleId: 'AROA', sessionName: 'session' }),
    access: {
      authenticate: ({ headers }) => {
        if (!headers.authorization)
          throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
        return { type: 'administrator' };
      },
      authorize: ({ type }, [permission]) => {
        if (type === 'anonymous') throw new AwsError('AccessDeniedException', 'anonymous is not authorized', 403);
        authorized.push(permission?.resource ?? '');
      },
      readResourcePolicy: () => ({ Statement: [] }),
    },
    clock,
    accountId: '000000000000',
    region: 'us-east-1',
    auth,
    onProblem: (problem) => problems.push(problem),
  });
  const send = async (url: string, more: Partial<HttpRequest> = {}) => {
    const [rawPath = '', query = ''] = url.split('?');
    const response = await handle({
      method: 'GET',
      path: rawPath,
      query,
      headers: {},
      body: Buffer.alloc(0),
      baseUrl: 'http://127.0.0.1',
      requestId: 'request-1',
      signal: new AbortController().signal,
      ...more,
    });
    const text = response.body.toString();
    const json: unknown = text ? JSON.parse(text) : undefined;
    return { ...response, json };
  };
  return { send, problems, principals, authorized };
};

const parametersSchema = z.object({ path: z.unknown() });

export const parametersOf = (json: unknown): unknown => parametersSchema.parse(json).path;
