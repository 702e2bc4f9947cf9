import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { methodsOf, routes } from '../../../infra/session-api/routes.ts';
import { pascalCase } from '../../../infra/task-function.ts';
import { executionAnswer, functionAnswer } from '../../../infra/session-api/templates.ts';
import { synth } from '../synth.ts';
import { objectOf, textOf } from '../template.ts';

const { template } = await synth();

const integrationSchema = z.looseObject({
  Type: z.string(),
  RequestTemplates: z.record(z.string(), z.string()),
});

/** The path of a resource: `/create/{accountId}`. */
const pathOf = (id: string): string => {
  const resource = template.ofType('AWS::ApiGateway::Resource').find((one) => `<${one.id}>` === id);
  return resource
    ? `${pathOf(textOf(resource.Properties['ParentId']))}/${textOf(resource.Properties['PathPart'])}`
    : '';
};

const methods = template.ofType('AWS::ApiGateway::Method').map(({ Properties }) => ({
  route: `${textOf(Properties['HttpMethod'])} ${pathOf(textOf(Properties['ResourceId']))}`,
  properties: Properties,
  integration: integrationSchema.parse(Properties['Integration']),
}));

describe('the API', () => {
  test('has GET and POST of every route that starts a machine, POST of the others, and nothing else', () => {
    const expected = routes.flatMap((route) => methodsOf(route).map((method) => `${method} ${route.path}`));
    expect(methods.map(({ route }) => route).sort()).toEqual(expected.sort());
  });

  test('has these routes', () => {
    expect(
      routes.map((route) => `${route.path} ${'task' in route ? `function ${route.task}` : route.machine}`),
    ).toEqual([
      '/create/{accountId}/{sessionId} create-session',
      '/create/{accountId}/{sessionId}/{userId} create-session',
      '/renew/{accountId}/{sessionId} renew-session',
      '/status list-sessions',
      '/status/{accountId} list-sessions',
      '/status/{accountId}/{sessionId} session-status',
      '/destroy/{accountId}/{sessionId} destroy-session',
      '/cleanup cleanup',
      '/notify/{accountId} dispatch',
      '/notify/{accountId}/session/{sessionId} dispatch',
      '/notify/{accountId}/session/{sessionId}/user/{userId} dispatch',
      '/notify/{accountId}/user/{userId} dispatch',
      '/publish function publish',
    ]);
  });

  test('is regional', () => {
    expect(template.only('AWS::ApiGateway::RestApi').Properties['EndpointConfiguration']).toEqual({
      Types: ['REGIONAL'],
    });
  });
});

describe.each(methods)('$route', ({ route, properties, integration }) => {
  test('wants a signature', () => {
    expect(properties['AuthorizationType']).toBe('AWS_IAM');
  });

  const found = routes.find(({ path }) => path === route.replace(/^\w+ /, ''));

  test('starts its machine or runs its function and waits, shorter than the API does', () => {
    const called =
      found && 'task' in found
        ? `lambda:path/2015-03-31/functions/<DispatchWorkflow${pascalCase(found.task)}Function.Arn>/invocations`
        : 'states:action/StartSyncExecution';
    expect(integration).toMatchObject({
      Type: 'AWS',
      IntegrationHttpMethod: 'POST',
      Uri: `arn:<AWS::Partition>:apigateway:<AWS::Region>:${called}`,
      Credentials: '<SessionApiRole.Arn>',
      TimeoutInMillis: 29_000,
    });
    if (!found || 'task' in found) return;
    const { machine } = found;
    const [, started = ''] =
      /"stateMachineArn":"<(\w+)>"/.exec(integration.RequestTemplates['application/json'] ?? '') ?? [];
    expect(started).toMatch(
      new RegExp(`Workflows?${pascalCase(machine)}WorkflowMachine$|^${pascalCase(machine)}WorkflowMachine$`),
    );
  });

  test('takes JSON only', () => {
    expect(integration['PassthroughBehavior']).toBe('NEVER');
    expect(Object.keys(integration.RequestTemplates)).toEqual(['application/json']);
  });

  test('has one answer for whatever comes back, which nobody may keep', () => {
    expect(integration['IntegrationResponses']).toEqual([
      {
        StatusCode: '200',
        ResponseTemplates: {
          'application/json': found && 'task' in found ? functionAnswer([]) : executionAnswer([]),
        },
        ResponseParameters: { 'method.response.header.Cache-Control': "'no-store'" },
      },
    ]);
    expect(properties['MethodResponses']).toEqual([
      { StatusCode: '200', ResponseParameters: { 'method.response.header.Cache-Control': true } },
    ]);
  });
});

describe('the stage', () => {
  const { Properties } = template.only('AWS::ApiGateway::Stage');

  test('is throttled and traced, and not measured by method', () => {
    expect(Properties).toMatchObject({
      StageName: 'dev',
      TracingEnabled: true,
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 2000,
          ThrottlingBurstLimit: 4000,
          MetricsEnabled: false,
        },
      ],
    });
  });

  test('logs no request and no answer', () => {
    expect(Properties).toMatchObject({ MethodSettings: [{ DataTraceEnabled: false, LoggingLevel: 'OFF' }] });
  });
});

describe('a refusal by API Gateway itself', () => {
  const refusals = template.ofType('AWS::ApiGateway::GatewayResponse').map(({ Properties }) => ({
    type: textOf(Properties['ResponseType']),
    status: Properties['StatusCode'],
    headers: objectOf(Properties['ResponseParameters'] ?? {}),
    body: objectOf(z.json().parse(JSON.parse(textOf(objectOf(Properties['ResponseTemplates'])['application/json'])))),
  }));

  test.each(refusals)('$type is an error with a message of ours', ({ body }) => {
    expect(body).toEqual({
      error: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
      message: expect.stringMatching(/^[A-Z][^$]+\.$/),
    });
  });

  test('is worded for each kind', () => {
    expect(Object.fromEntries(refusals.map(({ type, status, body }) => [type, [status, body['error']]]))).toEqual({
      DEFAULT_4XX: [undefined, 'InvalidRequest'],
      BAD_REQUEST_PARAMETERS: [undefined, 'InvalidRequest'],
      BAD_REQUEST_BODY: [undefined, 'InvalidRequest'],
      DEFAULT_5XX: [undefined, 'UpstreamFailed'],
      ACCESS_DENIED: [undefined, 'AccessDenied'],
      UNAUTHORIZED: ['403', 'AccessDenied'],
      WAF_FILTERED: [undefined, 'AccessDenied'],
      MISSING_AUTHENTICATION_TOKEN: [undefined, 'AccessDenied'],
      INVALID_SIGNATURE: [undefined, 'AccessDenied'],
      EXPIRED_TOKEN: [undefined, 'AccessDenied'],
      RESOURCE_NOT_FOUND: [undefined, 'NotFound'],
      UNSUPPORTED_MEDIA_TYPE: [undefined, 'UnsupportedMediaType'],
      THROTTLED: [undefined, 'Throttled'],
      QUOTA_EXCEEDED: [undefined, 'Throttled'],
      INTEGRATION_TIMEOUT: [undefined, 'TimedOut'],
      INTEGRATION_FAILURE: ['502', 'UpstreamFailed'],
    });
  });

  test('says when to try again only if that helps', () => {
    for (const { body, headers } of refusals) {
      const expected = body['error'] === 'Throttled' ? { 'gatewayresponse.header.Retry-After': "'1'" } : {};
      expect(headers).toEqual(expected);
    }
  });
});
