/** The client against the whole service, which asks for signatures. */
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BackendClient, type BackendOptions } from '../../client/backend/backend.ts';
import { serviceContext } from '../tools/identities.ts';
import { serviceMode } from '../tools/worst-case.ts';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { Stack } from './stack.ts';
import { portOf } from '../tools/port-of.ts';

let runtime: Emulator;
let stack: Stack;
let client: BackendClient;

const connect = (options: Partial<BackendOptions> = {}): BackendClient =>
  new BackendClient({
    apiUrl: runtime.outputs['ApiUrl'] ?? '',
    streamName: runtime.outputs['EventStreamName'] ?? '',
    region: 'us-east-1',
    kinesisUrl: runtime.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    retry: () => 0,
    ...options,
  });

beforeAll(async () => {
  runtime = await startService({ ...serviceMode(), apiAuth: 'iam', context: serviceContext });
  stack = new Stack(runtime);
  client = connect();
});

afterAll(() => runtime.stop());

const ids = [
  'plain',
  'a/b',
  ' ',
  'say "hi"',
  "it's (so)!*",
  '@@,@@admin@@',
  '\u{1f600}',
  '100%',
  '%2F',
  'a+b?c#d',
  '...',
];

test.each([...ids, 'x'.repeat(255), '\u{4e2d}'.repeat(255), 'a\u0000\n'])(
  '%p goes from create to destroy',
  async (id) => {
    const key = { accountId: 1, sessionId: id };
    const created = await client.createSession({ ...key, userId: 7 });
    expect(created).toMatchObject({ ...key, userId: 7 });
    const { sqsUrl, identityId } = created;
    expect(await client.sessionStatus(key)).toMatchObject({ ...key, userId: 7, sqsUrl, identityId });
    expect(await client.notify(key, { n: 1 })).toMatchObject({ sessions: 1, delivered: 1 });
    const body = JSON.stringify({ ...key, n: 1 });
    expect((await stack.receive(created)).map((text): unknown => JSON.parse(text))).toEqual([JSON.parse(body)]);
    const renewed = await client.renewSession(created);
    expect(renewed).toMatchObject({ ...key, sqsUrl: created.sqsUrl });
    expect(renewed.accessKey).not.toBe(created.accessKey);
    await client.destroySession(key);
    expect(await client.sessionStatus(key)).toBeUndefined();
    await expect(client.destroySession(key)).rejects.toMatchObject({ name: 'SessionNotFound', status: 404 });
  },
);

test('lists every session once', async () => {
  const created = [];
  for (const sessionId of ['a', 'b', 'c']) {
    const { accountId, sqsUrl, identityId, expires } = await client.createSession({ accountId: 2, sessionId });
    created.push({ accountId, sessionId, sqsUrl, identityId, expires });
  }
  const seen = [];
  for await (const session of client.listSessions({ accountId: 2, limit: 2 })) seen.push(session);
  expect(seen).toEqual(created);
});

test('publishes what arrives in order, under the id it gave', async () => {
  const session = await client.createSession({ accountId: 3, sessionId: 'a' });
  const messages = Array.from({ length: 12 }, (_, n) => ({ accountId: 3, n }));
  const published = await client.publish([...messages, '{"accountId": 3, "big": 12345678901234567890}']);
  await runtime.idle();
  const received = await stack.drain(session.sqsUrl);
  expect(received.map(({ Body }) => Body)).toEqual([
    ...messages.map((message) => JSON.stringify(message)),
    '{"accountId": 3, "big": 12345678901234567890}',
  ]);
  const idOf = ({ MessageAttributes: attributes = {} }: (typeof received)[number]) =>
    attributes['messageId']?.StringValue;
  expect(received.map(idOf)).toEqual(published.map(({ messageId }) => messageId));
});

test('sends a notify call under the id it gave', async () => {
  const session = await client.createSession({ accountId: 4, sessionId: 'a' });
  const { messageId } = await client.notify({ accountId: 4 }, { n: 1 });
  const [received] = await stack.drain(session.sqsUrl);
  expect(received?.MessageAttributes?.['messageId']?.StringValue).toBe(messageId);
});

test('refuses a token that is not one', async () => {
  const pages = client.listSessions({ nextToken: 'nonsense' }).pages();
  await expect(pages.next()).rejects.toMatchObject({ name: 'InvalidRequest', field: 'nextToken', status: 400 });
});

test('says that a notify call is too large once it is escaped', async () => {
  const call = client.notify({ accountId: 1 }, { text: '"'.repeat(70_000) });
  await expect(call).rejects.toMatchObject({ name: 'MessageTooLarge', status: 413 });
});

describe('what is not allowed', () => {
  test('gets AccessDenied with the id of the request', async () => {
    const stranger = connect({ credentials: { accessKeyId: 'local', secretAccessKey: 'wrong' } });
    const call = stranger.createSession({ accountId: 1, sessionId: 'a' });
    await expect(call).rejects.toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  test('keeps messages from the stream', async () => {
    const { accessKey, secretKey, sessionToken } = await client.createSession({ accountId: 5, sessionId: 'a' });
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    await expect(connect({ credentials }).publish([{ accountId: 5 }])).rejects.toMatchObject({
      ...{ name: 'PublishFailed', published: 0, transient: false },
      cause: { name: 'AccessDenied' },
    });
  });
});

test('keeps to the clock of the service', async () => {
  const environment = { ...globalThis, fetch, Date: { now: () => Date.now() - 3_600_000 } };
  const late = connect({ environment });
  expect(await late.createSession({ accountId: 6, sessionId: 'a' })).toMatchObject({ accountId: 6 });
  expect(await late.publish([{ accountId: 6 }])).toHaveLength(1);
});

test('distinguishes a stopped service from a wrong request', async () => {
  const stopped = createServer().listen(0, '127.0.0.1');
  await once(stopped, 'listening');
  const port = portOf(stopped);
  stopped.close();
  await once(stopped, 'close');
  const nowhere = connect({ apiUrl: `http://127.0.0.1:${port}`, attempts: 2 });
  await expect(nowhere.renewSession({ accountId: 1, sessionId: 'a' })).rejects.toMatchObject({
    name: 'ConnectionFailed',
    unsent: true,
  });
});

test('publishes to a local service that nothing but its URL names', async () => {
  const local = new BackendClient({
    ...{ apiUrl: runtime.url, streamName: runtime.outputs['EventStreamName'] },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    environment: { ...globalThis, fetch, Date, process: { env: {} } },
  });
  expect(await local.publish([{ accountId: 7 }])).toEqual([{ messageId: expect.any(String) }]);
});

test('the code of the reference runs', async () => {
  const root = join(import.meta.dirname, '..', '..');
  const page = await readFile(join(root, 'docs', 'backend.md'), 'utf8');
  const code = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  expect(code).toHaveLength(4);
  // Within the package, so that it finds the package by its name.
  await mkdir(join(root, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(root, 'dist', 'reference-'));
  try {
    await writeFile(join(folder, 'backend.ts'), `${code.join('\n')}\nconsole.log(delivered, published.length);`);
    const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    const stream = { API_URL: runtime.url, EVENT_STREAM_NAME: runtime.outputs['EventStreamName'] ?? '' };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@sqs-browser/source', '--no-warnings', 'backend.ts'],
      { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...keys, ...stream } },
    );
    expect(stdout).toBe('session-of-this-login\n1 3\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
