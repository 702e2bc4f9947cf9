import { ListQueuesCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { Interceptors } from '../../interceptors.ts';
import { openServer } from '../../server.ts';
import { serveGuarded } from '../access/guarded-server.ts';

const polled = Promise.withResolvers<undefined>();
const interceptors = new Interceptors();
interceptors.add('before', 'sqs:ReceiveMessage', () => {
  polled.resolve(undefined);
});
const server = await serveGuarded([], [interceptors]);
const later = await serveGuarded();
server.sqs.createQueue('jobs', {});

const post = (headers: Readonly<Record<string, string>>, body: string, path = '/') =>
  fetch(server.url + path, { method: 'POST', headers, body });

describe('what is no call of AWS goes to the API', () => {
  test.each([
    ['GET', '/orders/12345?Action=ListQueues&Version=2012-11-05', undefined],
    ['GET', '/', undefined],
    ['POST', '/orders/1/a%2Fb', '{}'],
    ['OPTIONS', '/orders/1/abc', undefined],
  ])('%s %s', async (method, path, body) => {
    const response = await fetch(server.url + path, { method, ...(body === undefined ? {} : { body }) });
    const [sentPath = '', query = ''] = path.split('?');
    expect([response.status, await response.text()]).toEqual([418, `${method} ${sentPath} ${query}`]);
  });

  test('a form with an Action on a path of the API', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(headers, 'Action=ListQueues', '/orders/12345')).status).toBe(418);
  });
});

describe('a service with a REST protocol that the emulator does not have is named', () => {
  const signedFor = (service: string): string =>
    `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const refused = 'UnknownOperationException';

  test.each([
    ['lambda', 'GET', '/2015-03-31/functions'],
    ['xray', 'POST', '/TraceSummaries'],
    ['scheduler', 'GET', '/schedules'],
  ])('%s: %s %s, in JSON', async (service, method, path) => {
    const response = await fetch(server.url + path, { method, headers: { authorization: signedFor(service) } });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, refused]);
    expect(await response.json()).toEqual({ message: `The emulator does not support ${service}: ${method} ${path}` });
  });

  test('cloudfront, in XML', async () => {
    const headers = { authorization: signedFor('cloudfront') };
    const response = await fetch(`${server.url}/2020-05-31/distribution`, { headers });
    expect(await response.text()).toBe(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${refused}</Code><Message>The emulator does not support cloudfront: GET /2020-05-31/distribution</Message></Error></ErrorResponse>`,
    );
  });
});

describe('the JSON protocol', () => {
  test.each(['nonsense', '[]', '"text"', '{"a":', '\u0000'])('refuses the body %j', async (body) => {
    const response = await post({ 'x-amz-target': 'AWSCognitoIdentityService.GetId' }, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
  });

  test('refuses a body that is not UTF-8', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityService.GetId' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect(response.status).toBe(400);
  });

  test('names an error of SQS in both of its protocols', async () => {
    const client = new SQSClient(server.client());
    const missing = client.send(new PurgeQueueCommand({ QueueUrl: `${server.url}/000000000000/none` }));
    await expect(missing).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      Type: 'Sender',
    });
  });

  test('has an id and the time in every answer', async () => {
    const { $metadata } = await new SQSClient(server.client()).send(new ListQueuesCommand({}));
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    [{ 'x-amz-target': 'Kinesis_20131202.PutRecord', 'content-type': 'application/x-amz-cbor-1.1' }, '/'],
    [{ 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' }, '/service/Kinesis/operation/PutRecord'],
  ])('refuses CBOR by name', async (headers, path) => {
    const response = await post({ ...headers }, '', path);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/CBOR protocol is not supported|does not support/);
  });
});

describe('a page of any origin', () => {
  const preflight = (path: string, asked: string) =>
    fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      },
    });

  test.each([
    ['/', 'authorization,content-type,x-amz-date,x-amz-security-token,x-amz-target'],
    ['/000000000000/jobs', 'authorization,content-type,x-amz-date'],
  ])('may call SQS at %s', async (path, asked) => {
    const { status, headers } = await preflight(path, asked);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-headers')).toBe(asked);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-max-age')).toBe('172800');
  });

  test('may read answers and refusals, their id and their date', async () => {
    const origin = { origin: 'https://example.com', 'x-amz-target': 'AmazonSQS.ListQueues' };
    const { status, headers } = await post(origin, '{}');
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')?.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(['x-amzn-requestid', 'x-amzn-query-error', 'date']),
    );
  });

  test('may not assume that it may call the API', async () => {
    expect((await preflight('/orders/1/abc', 'authorization,x-amz-date')).status).toBe(418);
  });
});

describe('the server', () => {
  test('answers 503 until it serves', async () => {
    const clock = new MovableClock();
    const starting = await openServer({ clock, port: 0 });
    expect((await fetch(starting.url)).status).toBe(503);
    await starting.close();
    await expect(fetch(starting.url)).rejects.toThrow('fetch failed');
  });

  test('says when its port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(openServer({ clock: new MovableClock(), port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('dates its answers by the clock', async () => {
    later.clock.advance(86_400_000);
    const { headers } = await fetch(later.url);
    expect(Date.parse(headers.get('date') ?? '') - Date.now()).toBeGreaterThan(86_000_000);
  });

  test('refuses a request longer than any service takes', async () => {
    const response = await post({ 'x-amz-target': 'AmazonSQS.ListQueues' }, 'x'.repeat(33 * 1024 * 1024)).catch(
      () => undefined,
    );
    expect([413, undefined]).toContain(response?.status);
  });

  test('outlives a caller that goes away in the middle of a request', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
    socket.destroy();
    expect((await fetch(server.url)).status).toBe(418);
  });

  test('aborts the signal of a call whose caller has gone away', async () => {
    const leaving = new AbortController();
    const client = new SQSClient(server.client());
    const input = { QueueUrl: `${server.url}/000000000000/jobs`, WaitTimeSeconds: 20 };
    const polling = client.send(new ReceiveMessageCommand(input), { abortSignal: leaving.signal });
    await polled.promise;
    leaving.abort();
    await expect(polling).rejects.toMatchObject({ name: 'AbortError' });
    while (!server.records.some(({ action }) => action === 'ReceiveMessage')) await fetch(server.url);
  });
});
