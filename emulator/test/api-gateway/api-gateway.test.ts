import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../api-gateway/api-definition.ts';
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
  path('Account', 'Status', '{shopId}'),
  path('All', 'Account', 'all'),
  path('Session', 'Account', '{orderId}'),
  method('Status', 'GET'),
  method('Account', 'GET'),
  method('All', 'GET'),
  method('Session', 'GET'),
  method('Session', 'POST'),
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
const apiOf = (run: Run = ({ input }) => ({ status: 'SUCCEEDED', output: input }), auth: 'none' | 'iam' = 'none') => {
  const problems: Error[] = [];
  const principals: Principal[] = [];
  const authorized: string[] = [];
  const api = readApi({
    resources: new Map(),
    outputs: {},
    roles: [],
    ofType: (type) => resources.filter((one) => one.type === type),
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
      authorize: (_principal, [permission]) => authorized.push(permission?.resource ?? ''),
      readResourcePolicy: () => ({ Statement: [] }),
    },
    clock: new MovableClock(),
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
    return { ...response, json: (text ? JSON.parse(text) : undefined) as unknown };
  };
  return { send, problems, principals, authorized };
};

const parametersOf = (json: unknown): unknown => (json as { path: unknown }).path;

describe('a path', () => {
  test.each([
    ['/orders/1/abc', { shopId: '1', orderId: 'abc' }],
    ['//orders/1/abc', { shopId: '1', orderId: 'abc' }],
    ['/dev/orders/1/abc', { shopId: '1', orderId: 'abc' }],
    ['/orders/1', { shopId: '1' }],
    ['/orders', {}],
    ['/orders/1/all', { shopId: '1' }],
    ['/orders/1/', { shopId: '1', orderId: '' }],
    ['/orders/1/abc/', { shopId: '1', orderId: 'abc' }],
    ['/orders/1/a%2Fb%20c', { shopId: '1', orderId: 'a/b c' }],
    ['/orders/1/%F0%9F%98%80%22@@+', { shopId: '1', orderId: '\u{1f600}"@@+' }],
    ['/orders/1/100%25', { shopId: '1', orderId: '100%25' }],
    ['/orders/1/%252F', { shopId: '1', orderId: '%252F' }],
  ])('%s gives its parameters', async (url, expected) => {
    const { status, json } = await apiOf().send(url);
    expect(status).toBe(200);
    expect(parametersOf(json)).toEqual(expected);
  });

  test.each(['/', '/nothing', '/orders/1/2/3', '/Orders/1'])(
    '%s that is no route gets the gateway response',
    async (url) => {
      expect(await apiOf().send(url)).toMatchObject({
        status: 404,
        headers: { 'X-Own': 'own' },
        json: { error: 'NotFound' },
      });
    },
  );

  test('with a method the route does not have gets the gateway response', async () => {
    expect(await apiOf().send('/orders/1/abc', { method: 'DELETE' })).toMatchObject({ status: 404 });
  });

  test.each(['/orders/1/%', '/orders/1/%zz', '/orders/1/%ff', '/orders/1/a?x=%'])(
    '%s with broken encoding gets 400',
    async (url) => {
      expect(await apiOf().send(url)).toMatchObject({ status: 400, json: { error: 'BAD_REQUEST_PARAMETERS' } });
    },
  );
});

describe('a request', () => {
  test('brings its body', async () => {
    const { json } = await apiOf().send('/orders/1/a', { method: 'POST', body: Buffer.from('{"a": 1.0}') });
    expect(json).toMatchObject({ body: '{"a": 1.0}' });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', undefined])(
    'of type %s is taken',
    async (type) => {
      expect(await apiOf().send('/orders', { headers: { 'content-type': type } })).toMatchObject({ status: 200 });
    },
  );

  test('of another type gets 415', async () => {
    expect(await apiOf().send('/orders', { headers: { 'content-type': 'text/plain' } })).toMatchObject({
      status: 415,
      json: { error: 'UNSUPPORTED_MEDIA_TYPE', message: 'Unsupported Media Type' },
    });
  });

  test('over 10 MB gets 413', async () => {
    expect(await apiOf().send('/orders', { body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({ status: 413 });
  });

  test('reaches the service with the role of the integration', async () => {
    const { send, principals } = apiOf();
    await send('/orders');
    expect(principals).toMatchObject([{ type: 'role', roleArn: 'arn:aws:iam::000000000000:role/api' }]);
  });

  test('to a mock integration is answered from the template alone', async () => {
    const { send, principals } = apiOf(undefined, 'iam');
    expect(await send('/orders/1/a', { method: 'OPTIONS' })).toMatchObject({
      status: 204,
      headers: { 'X-Fixed': 'yes' },
    });
    expect(principals).toEqual([]);
  });
});

describe('an answer', () => {
  test('has the status and headers its template sets', async () => {
    const { send } = apiOf(() => ({ status: 'FAILED', error: 'Busy' }));
    expect(await send('/orders')).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '1' },
      json: { error: 'Busy' },
    });
  });

  test('carries the id of its request', async () => {
    const { send } = apiOf(() => ({ status: 'FAILED', error: 'Other' }));
    expect(await send('/orders')).toMatchObject({ status: 502, json: { error: 'request-1' } });
  });

  test('is chosen by the status of the service', async () => {
    const { send } = apiOf(() => Promise.reject(new AwsError('ValidationException', 'too long')));
    expect(await send('/orders')).toMatchObject({ status: 413, json: { refused: 'ValidationException' } });
  });

  test('is 500, and a problem is told, when a template asks for what is not there', async () => {
    const { send, problems } = apiOf(() => ({ status: 'SUCCEEDED' }));
    expect(await send('/orders')).toMatchObject({ status: 500, json: { message: 'Internal server error' } });
    expect(problems.map(({ message }) => message)).toEqual(['$input.path has no value']);
  });
});

describe('with signatures wanted', () => {
  test('a request without one gets the gateway response', async () => {
    expect(await apiOf(undefined, 'iam').send('/orders')).toMatchObject({ status: 404, json: { error: 'NotFound' } });
  });

  test('a signed one needs the permission for its method and resource', async () => {
    const { send, authorized } = apiOf(undefined, 'iam');
    expect(await send('/orders/1/a', { headers: { authorization: 'signed' } })).toMatchObject({ status: 200 });
    expect(authorized).toEqual(['arn:aws:execute-api:us-east-1:000000000000:Api/dev/GET/orders/1/a']);
  });
});
