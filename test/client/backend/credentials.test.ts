import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  cacheCredentials,
  defaultCredentials,
  type CredentialProvider,
  type Credentials,
} from '../../../client/backend/credentials.ts';
import { FakeService, json } from './fake-service.ts';

const minutes = 60_000;
const session = { accountId: 1, sessionId: 'a' };

/** A provider of keys that live for so many minutes, and how often it was asked. */
const provider = (now: () => number, life?: number) => {
  const asked = { count: 0 };
  const provide = (): Promise<Credentials> => {
    asked.count++;
    const expiration = life === undefined ? {} : { expiration: new Date(now() + life * minutes) };
    return Promise.resolve({ accessKeyId: `AKIA${asked.count}`, secretAccessKey: 'secret', ...expiration });
  };
  return { asked, provide };
};

test('asks a provider once for calls at the same time', async () => {
  const { asked, provide } = provider(() => 0, 60);
  const cache = cacheCredentials(provide, () => 0);
  await Promise.all([cache.get(), cache.get()]);
  await cache.get();
  expect(asked.count).toBe(1);
});

test('asks again five minutes before the keys expire', async () => {
  let time = 0;
  const { asked, provide } = provider(() => time, 60);
  const cache = cacheCredentials(provide, () => time);
  await cache.get();
  time = 55 * minutes - 1;
  await cache.get();
  expect(asked.count).toBe(1);
  time = 55 * minutes;
  expect(await cache.get()).toMatchObject({ accessKeyId: 'AKIA2' });
});

test('uses keys that come with little time left, and asks with the next call', async () => {
  const { asked, provide } = provider(() => 0, 3);
  const cache = cacheCredentials(provide, () => 0);
  expect(await cache.get()).toMatchObject({ accessKeyId: 'AKIA1' });
  expect(await cache.get()).toMatchObject({ accessKeyId: 'AKIA2' });
  expect(asked.count).toBe(2);
});

/** What AWS answers when it refuses credentials: API Gateway in a header, Kinesis in the body, with status 400. */
const refusals = {
  'API Gateway, expired': [403, { error: 'AccessDenied' }, { 'x-amzn-errortype': 'ExpiredTokenException' }],
  'API Gateway, unknown': [403, { error: 'AccessDenied' }, { 'x-amzn-errortype': 'UnrecognizedClientException' }],
  'an API behind a proxy': [403, { error: 'AccessDenied' }, {}],
  'Kinesis, expired': [400, { __type: 'ExpiredTokenException' }, {}],
  'Kinesis, unknown': [400, { __type: 'com.amazonaws.kinesis#UnrecognizedClientException' }, {}],
} as const;

/** A call through a client whose first request gets this answer. */
const refusedOnce = async (reply: Response, credentials: Credentials | CredentialProvider): Promise<FakeService> => {
  const service = new FakeService();
  service.replies = [reply];
  await service
    .client({ credentials })
    .renewSession(session)
    .catch(() => undefined);
  return service;
};

test.each(Object.entries(refusals))('asks again when they are refused by %s', async (_by, [status, body, headers]) => {
  const { asked, provide } = provider(() => 0);
  const { sent } = await refusedOnce(json(status, body, headers), provide);
  expect(asked.count).toBe(2);
  expect(sent.map((request) => request.headers.get('authorization'))).toEqual([
    expect.stringContaining('AKIA1'),
    expect.stringContaining('AKIA2'),
  ]);
});

test.each([
  [403, { error: 'AccessDenied' }, { 'x-amzn-errortype': 'AccessDeniedException' }],
  [400, { __type: 'AccessDeniedException' }, {}],
  [400, { __type: 'ValidationException' }, {}],
])('does not ask again after %i %j, which other credentials do not change', async (status, body, headers) => {
  const { asked, provide } = provider(() => 0);
  const { sent } = await refusedOnce(json(status, body, headers), provide);
  expect([asked.count, sent.length]).toEqual([1, 1]);
});

test('does not send again with the credentials that were refused', async () => {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const refusal = (): Response => json(400, { __type: 'ExpiredTokenException' });
  expect((await refusedOnce(refusal(), credentials)).sent).toHaveLength(1);
  expect((await refusedOnce(refusal(), () => Promise.resolve({ ...credentials }))).sent).toHaveLength(1);
});

test('asks once when calls at the same time are refused', async () => {
  const { asked, provide } = provider(() => 0);
  const cache = cacheCredentials(provide, () => 0);
  const refused = await cache.get();
  expect(await Promise.all([cache.replace(refused), cache.replace(refused)])).toEqual([true, true]);
  expect(asked.count).toBe(2);
});

test('says why there are no credentials, and asks again with the next call', async () => {
  const fails = [true, false];
  const service = new FakeService();
  const credentials = (): Promise<Credentials> =>
    fails.shift()
      ? Promise.reject(new Error('No profile'))
      : Promise.resolve({ accessKeyId: 'a', secretAccessKey: 'b' });
  const client = service.client({ credentials });
  await expect(client.renewSession(session)).rejects.toMatchObject({
    name: 'NoCredentials',
    message: 'There are no AWS credentials to sign with: No profile',
    transient: false,
  });
  await client.renewSession(session);
  expect(service.sent).toHaveLength(1);
});

test('looks where the AWS SDK looks when none are given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  const path = join(folder, 'credentials');
  await writeFile(path, '[default]\naws_access_key_id = AKIAFROMFILE\naws_secret_access_key = secret\n');
  const names = ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE'] as const;
  const given = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) Reflect.deleteProperty(process.env, name);
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = path;
  try {
    expect(await defaultCredentials({})()).toMatchObject({ accessKeyId: 'AKIAFROMFILE' });
  } finally {
    for (const [name, value] of given) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true });
  }
});
