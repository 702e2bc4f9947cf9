import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AwsClient } from 'aws4fetch';
import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startEmulator } from '../../index.ts';

const reader = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'reader',
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'read',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'dynamodb:ListTables'], Resource: '*' }],
        },
      },
    ],
  },
};

/** A method of the API at its root that is answered by itself. */
const mock = (HttpMethod: string, origin?: string) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: { Ref: 'Api' },
    ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
    HttpMethod,
    AuthorizationType: 'NONE',
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{ "statusCode": 200 }' },
      IntegrationResponses: [
        {
          StatusCode: '200',
          ...(origin !== undefined && {
            ResponseParameters: { 'method.response.header.Access-Control-Allow-Origin': `'${origin}'` },
          }),
        },
      ],
    },
  },
});

const ours = 'https://app.example';
const requests: string[] = [];
const emulator = await startEmulator({
  template: {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Reader: reader,
      Api: { Type: 'AWS::ApiGateway::RestApi' },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'dev' } },
      Get: mock('GET'),
      Options: mock('OPTIONS', ours),
    },
  },
  sites: {
    '/shop': (asked) => {
      requests.push(asked.url);
      return Promise.resolve(new Response('shop'));
    },
  },
});
const host = new URL(emulator.url).host;
const queue = `${emulator.url}/000000000000/jobs`;

beforeEach(() => {
  requests.length = 0;
});

afterAll(() => emulator.stop());

/** Sends a request with headers that fetch would not send. */
const send = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: string }>((resolve, reject) => {
    const sent = request(emulator.url + path, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.once('error', reject).end();
  });

const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };

describe('a name that is rebound to this machine', () => {
  test.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.evil.example'])(
    'Host %j is refused everywhere',
    async (name) => {
      for (const path of ['/', '/shop', '/000000000000/jobs', '/_local/clock']) {
        const { status } = await send(path, { host: name });
        expect([400, 421]).toContain(status);
      }
      expect(requests).toEqual([]);
    },
  );

  test.each(['127.0.0.1', 'localhost', '[::1]', 'sync-127.0.0.1', 'bucket.localhost', 'LOCALHOST:4000'])(
    'Host %j is not',
    async (name) => {
      expect((await send('/shop', { host: name })).status).toBe(200);
    },
  );
});

/** A request that is signed, as a page would send it. */
const signed = async (keys: object, headers: Readonly<Record<string, string>>, target: string, service = 'sqs') => {
  const client = new AwsClient({
    accessKeyId: 'local',
    secretAccessKey: 'local',
    ...keys,
    service,
    region: 'us-east-1',
  });
  const asked = await client.sign(emulator.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body: JSON.stringify({ QueueUrl: queue }),
  });
  return fetch(new Request(asked, { headers: { ...Object.fromEntries(asked.headers), ...headers } }));
};

describe('a page of another site', () => {
  test('cannot act as the administrator', async () => {
    const response = await signed({}, foreign, 'AmazonSQS.DeleteQueue');
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('page of another origin');
    await expect(
      new SQSClient(emulator.clientConfig).send(new ReceiveMessageCommand({ QueueUrl: queue })),
    ).resolves.toBeDefined();
  });

  test('cannot use a presigned image of the administrator', async () => {
    const client = new AwsClient({
      accessKeyId: 'local',
      secretAccessKey: 'local',
      service: 'sqs',
      region: 'us-east-1',
    });
    const url = `${queue}?Action=SendMessage&MessageBody=forged&Version=2012-11-05`;
    const { url: presigned } = await client.sign(url, { aws: { signQuery: true } });
    const { pathname, search } = new URL(presigned);
    expect((await send(pathname + search, image)).status).toBe(403);
    expect((await send(pathname + search)).status).toBe(200);
  });

  test('may poll SQS with credentials of a role, and read the answer', async () => {
    const response = await signed(emulator.issueCredentials('reader', 'page'), foreign, 'AmazonSQS.ReceiveMessage');
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('may call no other service, and reads nothing of it', async () => {
    const keys = emulator.issueCredentials('reader', 'page');
    const response = await signed(keys, foreign, 'DynamoDB_20120810.ListTables', 'dynamodb');
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const token = await fetch(emulator.url, {
      method: 'POST',
      headers: { ...foreign, 'x-amz-target': 'AWSCognitoIdentityService.GetOpenIdToken' },
      body: '{}',
    });
    expect(await token.text()).toContain('AccessDenied');
  });

  test.each([
    ['a request of its script', foreign, 403],
    ['an image', image, 403],
    ['a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a page of an origin that the template allows', { origin: ours, 'sec-fetch-site': 'cross-site' }, 200],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 200],
    ['a page of the same origin', { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, 200],
    ['a program', {}, 200],
  ])('reaches the API only when the template allows its origin: %s', async (_what, headers, status) => {
    expect((await send('/', { ...headers })).status).toBe(status);
  });

  test('reaches a site only by a link to its first page', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await send('/shop', link)).status).toBe(200);
    expect((await send('/shop/buy', link)).status).toBe(403);
    expect((await send('/shop', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await send('/shop/buy', foreign, 'POST')).status).toBe(403);
    expect(requests).toHaveLength(1);
  });

  test('cannot move the clock', async () => {
    const before = emulator.clock.now();
    expect((await send('/_local/clock', foreign, 'POST')).status).toBe(403);
    expect(emulator.clock.now() - before).toBeLessThan(60_000);
  });
});
