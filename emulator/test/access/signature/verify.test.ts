import { CognitoIdentityClient, DescribeIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import * as z from 'zod/mini';
import { serveGuarded, testRole } from '../guarded-server.ts';

const bodySchema = z.object({ __type: z.optional(z.string()), message: z.optional(z.string()) });
const refusalSchema = z.object({ name: z.string(), $metadata: z.object({ httpStatusCode: z.number() }) });

const role = testRole('nobody');
const server = await serveGuarded([role]);
const ahead = await serveGuarded();
server.sqs.createQueue('jobs', {});

type Credentials = Readonly<Record<string, string>>;

/** One call of each service, with the keys given. */
const calls: Readonly<Record<string, (credentials: Credentials) => Promise<unknown>>> = {
  sqs: (keys) => new SQSClient(server.client(keys)).send(new ListQueuesCommand({})),
  sts: (keys) => new STSClient(server.client(keys)).send(new GetCallerIdentityCommand({})),
  dynamodb: (keys) =>
    new DynamoDBClient(server.client(keys)).send(new GetItemCommand({ TableName: 't', Key: { k: { S: 'x' } } })),
  states: (keys) => new SFNClient(server.client(keys)).send(new ListStateMachinesCommand({})),
  'cognito-identity': (keys) =>
    new CognitoIdentityClient(server.client(keys)).send(new DescribeIdentityCommand({ IdentityId: 'us-east-1:0' })),
  s3: (keys) => new S3Client(server.client(keys)).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
};

const refusalOf = async (service: string, credentials: Credentials) => {
  const refusal: unknown = await calls[service]?.(credentials).catch((error: unknown) => error);
  const { name, $metadata } = refusalSchema.parse(refusal);
  return [name, $metadata.httpStatusCode];
};

/** The services with a JSON protocol answer 400, and so does S3 for tokens. */
const statusOf = (name: string): number => (/Exception$|^InvalidToken$/.test(name) ? 400 : 403);

const tampered = (token: string) => `${token.slice(0, -4)}AAAA`;

describe('a request is refused with the name its service has for the reason', () => {
  const query = { unknown: 'InvalidClientTokenId', wrong: 'SignatureDoesNotMatch', expired: 'ExpiredToken' };
  const json = {
    unknown: 'UnrecognizedClientException',
    wrong: 'InvalidSignatureException',
    expired: 'ExpiredTokenException',
  };
  test.each([
    ['sqs', query],
    ['sts', query],
    ['dynamodb', json],
    ['states', json],
    ['cognito-identity', json],
    ['s3', { unknown: 'InvalidAccessKeyId', wrong: 'SignatureDoesNotMatch', expired: 'ExpiredToken' }],
  ])('%s', async (service, names) => {
    expect(await refusalOf(service, { accessKeyId: 'AKIAUNKNOWN' })).toEqual([names.unknown, statusOf(names.unknown)]);
    expect(await refusalOf(service, { secretAccessKey: 'wrong' })).toEqual([names.wrong, statusOf(names.wrong)]);
    const expired = server.access.issueCredentials(
      {
        ...server.access.role(role.arn),
        type: 'role',
        roleArn: role.arn,
        roleName: role.name,
        roleId: role.id,
        sessionName: 'x',
      },
      server.clock.now() - 1,
    );
    const { accessKeyId, secretAccessKey, sessionToken } = expired;
    expect(await refusalOf(service, { accessKeyId, secretAccessKey, sessionToken })).toEqual([
      names.expired,
      service === 's3' ? 400 : statusOf(names.expired),
    ]);
  });

  test.each([
    ['sqs', 'InvalidClientTokenId'],
    ['states', 'UnrecognizedClientException'],
    ['s3', 'InvalidToken'],
  ])('%s, when the session token is missing, tampered with or not called for', async (service, name) => {
    const { sessionToken, ...pair } = server.keysOf(role);
    expect(await refusalOf(service, pair)).toEqual([name, statusOf(name)]);
    expect(await refusalOf(service, { ...pair, sessionToken: tampered(sessionToken) })).toEqual([name, statusOf(name)]);
    expect(await refusalOf(service, { sessionToken })).toEqual([name, statusOf(name)]);
  });

  test.each([
    ['AmazonSQS.ListQueues', 'com.amazonaws.sqs#MissingAuthenticationToken'],
    ['AWSStepFunctions.ListStateMachines', 'MissingAuthenticationTokenException'],
    ['Kinesis_20131202.PutRecord', 'MissingAuthenticationTokenException'],
  ])('%s without a signature', async (target, name) => {
    const response = await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' });
    expect(response.status).toBe(statusOf(name));
    expect(await response.json()).toMatchObject({ __type: name });
  });
});

/** A signed request that is changed before it is sent. */
const send = async (change: (request: Request) => Request, options: object = {}) => {
  const client = new AwsClient({
    accessKeyId: 'local',
    secretAccessKey: 'local',
    service: 'sqs',
    region: 'us-east-1',
    ...options,
  });
  const request = await client.sign(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
    body: '{"QueueNamePrefix":"a"}',
  });
  const response = await fetch(change(request));
  const body = bodySchema.parse(await response.json());
  return { status: response.status, name: body.__type?.split('#')[1], message: body.message };
};

const withHeader = (name: string, value: string) => (request: Request) => {
  const headers = new Headers(request.headers);
  headers.set(name, value);
  return new Request(request, { headers });
};

describe('a signature covers what it must', () => {
  test('an unchanged request is answered', async () => {
    expect(await send((request) => request)).toMatchObject({ status: 200 });
  });

  test.each<[what: string, change: (request: Request) => Request]>([
    ['body', (request) => new Request(request, { body: '{"QueueNamePrefix":"b"}' })],
    ['action', withHeader('x-amz-target', 'AmazonSQS.PurgeQueue')],
    ['query', (request) => new Request(`${server.url}/?a=b`, request)],
    ['path', (request) => new Request(`${server.url}/000000000000/elsewhere`, request)],
  ])('a changed %s is refused', async (_what, change) => {
    expect(await send(change)).toMatchObject({ status: 403, name: 'SignatureDoesNotMatch' });
  });

  test('a header that belongs to the call must be signed', async () => {
    const change = withHeader('x-amz-security-token', 'smuggled');
    expect(await send(change)).toMatchObject({ status: 403, name: 'InvalidClientTokenId' });
  });

  test.each([
    [{ region: 'eu-west-1' }, "Credential should be scoped to a valid region, not 'eu-west-1'"],
    [{ service: 'sns' }, "Credential should be scoped to correct service: 'sqs'"],
  ])('a signature for %j is refused', async (options, message) => {
    const refusal = await send((request) => request, options);
    expect(refusal).toMatchObject({ status: 403, name: 'SignatureDoesNotMatch' });
    expect(refusal.message).toContain(message);
  });

  test.each([
    ['Basic dXNlcjpwYXNz', "Unsupported AWS 'algorithm': 'Basic'"],
    ['AWS4-HMAC-SHA256 Credential=local/x, Signature=00', "requires 'SignedHeaders' parameter"],
    ['AWS4-HMAC-SHA256 Credential=local/x, SignedHeaders=host, Signature=00', 'exactly 5 slash-delimited elements'],
  ])('the authorization %j is incomplete', async (authorization, message) => {
    const refusal = await send(withHeader('authorization', authorization));
    expect(refusal).toMatchObject({ status: 400, name: 'IncompleteSignature' });
    expect(refusal.message).toContain(message);
  });

  test('a date that is no date is incomplete', async () => {
    expect(await send(withHeader('x-amz-date', 'today'))).toMatchObject({ status: 400, name: 'IncompleteSignature' });
  });
});

test.each(['', '2', '20260101'])('a signature whose credential is of the day %j is refused', async (day) => {
  const change = (request: Request) => {
    const authorization = request.headers.get('authorization') ?? '';
    return withHeader('authorization', authorization.replace(/local\/\d{8}/, `local/${day}`))(request);
  };
  const refusal = await send(change);
  expect(refusal).toMatchObject({ status: 403, name: 'SignatureDoesNotMatch' });
  expect(refusal.message).toContain(`'${day}' != '`);
});

describe('the date of a request', () => {
  const signedAt = async (minutes: number) => {
    const datetime = new Date(server.clock.now() + minutes * 60_000).toISOString().replace(/[:-]|\.\d{3}/g, '');
    const client = new AwsClient({
      accessKeyId: 'local',
      secretAccessKey: 'local',
      service: 'sqs',
      region: 'us-east-1',
    });
    const headers = { 'x-amz-target': 'AmazonSQS.ListQueues' };
    const request = await client.sign(server.url, { method: 'POST', headers, body: '{}', aws: { datetime } });
    return fetch(request);
  };

  test.each([-14, 0, 14])('%d minutes off the clock is accepted', async (minutes) => {
    expect((await signedAt(minutes)).status).toBe(200);
  });

  test.each([
    [-16, 'Signature expired: '],
    [16, 'Signature not yet current: '],
  ])('%d minutes off is refused, with the right time in the Date header', async (minutes, message) => {
    const response = await signedAt(minutes);
    expect(response.status).toBe(403);
    expect(bodySchema.parse(await response.json()).message).toContain(message);
    const date = Date.parse(response.headers.get('date') ?? '');
    expect(Math.abs(date - server.clock.now())).toBeLessThan(5000);
  });

  test('an SDK client whose clock differs corrects itself', async () => {
    ahead.clock.advance(3_600_000);
    const client = new SQSClient({ ...ahead.client(), maxAttempts: 2 });
    await expect(client.send(new ListQueuesCommand({}))).resolves.toMatchObject({ $metadata: { attempts: 2 } });
    await expect(client.send(new ListQueuesCommand({}))).resolves.toMatchObject({ $metadata: { attempts: 1 } });
  });
});

describe('a presigned request', () => {
  const presign = async (expires: number) => {
    const client = new AwsClient({
      accessKeyId: 'local',
      secretAccessKey: 'local',
      service: 'sts',
      region: 'us-east-1',
    });
    const url = new URL(`${server.url}/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=${expires}`);
    return (await client.sign(url.href, { aws: { signQuery: true } })).url;
  };

  test('is answered while it is valid', async () => {
    const response = await fetch(await presign(60));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<Arn>arn:aws:iam::000000000000:user/local</Arn>');
  });

  test('is refused when its query was changed', async () => {
    const response = await fetch(`${await presign(60)}&Version=2012-11-05`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('SignatureDoesNotMatch');
  });

  test('is refused for longer than a week', async () => {
    const response = await fetch(await presign(604_801));
    expect(await response.text()).toContain('X-Amz-Expires must be between 0 and 604800 seconds');
  });
});
