import { describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { AwsError } from '../../service.ts';
import { apiOf, parametersOf } from './api.ts';

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

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
  test.each([
    ['POST', 'WHEN_NO_MATCH, the default', 200],
    ['PUT', 'WHEN_NO_TEMPLATES and another template', 415],
    ['PATCH', 'WHEN_NO_TEMPLATES and no template', 200],
  ])('%s of a type without a template is treated as by %s', async (method, _behavior, status) => {
    const request = { method, headers: { 'content-type': 'text/plain' }, body: Buffer.from('{"input":"[1]"}') };
    expect(await apiOf().send('/raw', request)).toMatchObject({ status, ...(status === 200 && { json: [1] }) });
  });

  test('has its path with the stage, and its time as in the Common Log Format, in the context', async () => {
    const clock = new MovableClock({ standsAt: Date.parse('2026-02-09T18:11:43Z') });
    const expected = ['/dev/raw', '09/Feb/2026:18:11:43 +0000'];
    for (const url of ['/raw', '/dev/raw']) {
      expect((await apiOf(undefined, 'none', { clock }).send(url)).json).toEqual(expected);
    }
  });

  test('of another type gets 415', async () => {
    expect(await apiOf().send('/orders', { headers: { 'content-type': 'text/plain' } })).toMatchObject({
      status: 415,
      json: { error: 'UNSUPPORTED_MEDIA_TYPE', message: 'Unsupported Media Type' },
    });
  });

  test('over 10 MB gets 413', async () => {
    expect(await apiOf().send('/orders', { body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      json: { message: 'Request Too Long' },
    });
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

  test('is 500 and reports a problem when a template reads a member that is not there', async () => {
    const { send, problems } = apiOf(() => ({ status: 'SUCCEEDED' }));
    expect(await send('/orders')).toMatchObject({ status: 500, json: { message: 'Internal server error' } });
    expect(problems.map(({ message }) => message)).toEqual(['$input.path has no value']);
  });
});

describe('a function', () => {
  const put = (run: Parameters<typeof apiOf>[0], body = '{"a":1}') => {
    const { send, problems, principals } = apiOf(run);
    return { answer: send('/orders/1/all', { method: 'PUT', body: Buffer.from(body) }), problems, principals };
  };
  const failing = (errorMessage: string) => ({
    ...{ StatusCode: 200, FunctionError: 'Unhandled' },
    Payload: JSON.stringify({ errorType: 'Error', errorMessage }),
  });

  test('is run with what the template makes, by the role of the integration', async () => {
    const { answer, principals } = put((parameters) => ({ StatusCode: 200, Payload: JSON.stringify([parameters]) }));
    expect(await answer).toMatchObject({
      status: 200,
      json: [{ FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:sum', Payload: '{"body":"{\\"a\\":1}"}' }],
    });
    expect(principals).toMatchObject([{ type: 'role', roleArn: 'arn:aws:iam::000000000000:role/api' }]);
  });

  test('that fails is answered by the response whose pattern its message matches, else by the default', async () => {
    expect(await put(() => failing('The name is taken.')).answer).toMatchObject({
      status: 409,
      json: { error: 'Conflict' },
    });
    expect(await put(() => failing('Other')).answer).toMatchObject({ status: 200, json: { errorMessage: 'Other' } });
  });

  test('that Lambda throttles, or whose event is too large for it, is an INTEGRATION_FAILURE', async () => {
    for (const code of ['TooManyRequestsException', 'RequestEntityTooLargeException']) {
      const { answer } = put(() => Promise.reject(new AwsError(code, 'x')));
      expect(await answer).toMatchObject({ status: 504, headers: { 'x-amzn-errortype': 'INTEGRATION_FAILURE' } });
    }
  });

  test('without the permission for it is 500 and reports a problem', async () => {
    const { answer, problems } = put(() => Promise.reject(new AwsError('AccessDeniedException', 'denied')));
    expect(await answer).toMatchObject({ status: 500 });
    expect(problems.map(({ message }) => message)).toEqual(['denied']);
  });
});

test('an integration that takes longer than 29 seconds is a timeout', async () => {
  const clock = new MovableClock({ standsAt: 0 });
  const called = Promise.withResolvers<undefined>();
  const run = () => {
    called.resolve(undefined);
    return new Promise<never>(() => undefined);
  };
  const answer = apiOf(run, 'none', { clock }).send('/orders');
  await called.promise;
  clock.advance(29_000);
  expect(await answer).toMatchObject({ status: 504, json: { message: 'Endpoint request timed out' } });
});

describe('with signatures wanted', () => {
  test('a method without authorization needs an allow of the resource policy', async () => {
    const { send } = apiOf(undefined, 'iam', { policy: { Statement: [] } });
    expect(await send('/orders/1/a', { method: 'OPTIONS' })).toMatchObject({
      status: 403,
      json: { error: 'ACCESS_DENIED' },
    });
  });

  test('a request without one gets the gateway response', async () => {
    expect(await apiOf(undefined, 'iam').send('/orders')).toMatchObject({ status: 404, json: { error: 'NotFound' } });
  });

  test('a signed one needs the permission for its method and resource', async () => {
    const { send, authorized } = apiOf(undefined, 'iam');
    expect(await send('/orders/1/a', { headers: { authorization: 'signed' } })).toMatchObject({ status: 200 });
    expect(authorized).toEqual(['arn:aws:execute-api:us-east-1:000000000000:Api/dev/GET/orders/1/a']);
  });
});
