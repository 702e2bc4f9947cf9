import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { keepCredentials, type Credentials } from '../../../client/backend/credentials.ts';
import { FakeService, json } from './fake-service.ts';

const minutes = 60_000;

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
  const keeper = keepCredentials(provide, () => 0);
  await Promise.all([keeper.get(), keeper.get()]);
  await keeper.get();
  expect(asked.count).toBe(1);
});

test('asks again five minutes before the keys expire', async () => {
  let time = 0;
  const { asked, provide } = provider(() => time, 60);
  const keeper = keepCredentials(provide, () => time);
  await keeper.get();
  time = 55 * minutes - 1;
  await keeper.get();
  expect(asked.count).toBe(1);
  time = 55 * minutes;
  expect(await keeper.get()).toMatchObject({ accessKeyId: 'AKIA2' });
});

test('uses keys that come with little time left, and asks with the next call', async () => {
  const { asked, provide } = provider(() => 0, 3);
  const keeper = keepCredentials(provide, () => 0);
  expect(await keeper.get()).toMatchObject({ accessKeyId: 'AKIA1' });
  expect(await keeper.get()).toMatchObject({ accessKeyId: 'AKIA2' });
  expect(asked.count).toBe(2);
});

test('asks again after keys without an end were refused', async () => {
  const service = new FakeService();
  const { asked, provide } = provider(() => 0);
  const client = service.client({ credentials: provide });
  service.replies = [json(403, { error: 'AccessDenied', message: 'Expired' })];
  const session = { accountId: 1, sessionId: 'a' };
  await expect(client.renewSession(session)).rejects.toMatchObject({ name: 'AccessDenied' });
  await client.renewSession(session);
  await client.renewSession(session);
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
  await expect(client.renewSession({ accountId: 1, sessionId: 'a' })).rejects.toMatchObject({
    name: 'NoCredentials',
    message: 'There are no AWS credentials to sign with: No profile',
    transient: false,
  });
  await client.renewSession({ accountId: 1, sessionId: 'a' });
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
    expect(await keepCredentials(undefined, Date.now).get()).toMatchObject({ accessKeyId: 'AKIAFROMFILE' });
  } finally {
    for (const [name, value] of given) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true });
  }
});
