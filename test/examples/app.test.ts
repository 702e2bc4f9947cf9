/** The example's backend against the whole service, which asks for signatures. The page is tested in Chromium. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lazyExample } from '../../operations/start/example.ts';
import type { Emulator } from 'aws-template-emulator';
import { BackendClient } from 'sqs-browser/backend';
import * as z from 'zod/mini';
import { ExampleBackend } from '../../examples/app/backend.ts';
import { account } from '../../examples/app/people.ts';
import { startService } from '../../operations/start/service.ts';
import type { Session } from '../../client/shared/session.ts';
import { Stack } from '../acceptance/stack.ts';
import { serviceContext } from '../tools/identities.ts';
import { serviceMode } from '../tools/worst-case.ts';

const textSchema = z.object({ text: z.string() });

let runtime: Emulator;
let stack: Stack;

beforeAll(async () => {
  runtime = await startService({
    ...serviceMode(),
    apiAuth: 'iam',
    context: serviceContext,
    sites: { '/example': lazyExample(() => runtime) },
  });
  stack = new Stack(runtime);
});

afterAll(() => runtime.stop());

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly cookie: string;
}

const post = async (action: string, body: object, cookie = ''): Promise<Answer> => {
  const response = await fetch(`${runtime.url}/example/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  const [set = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { status: response.status, json: (await response.json()) as Answer['json'], cookie: set };
};

const logIn = async (person: string): Promise<{ session: Session; cookie: string }> => {
  const { json, cookie } = await post(`${person}/login`, {});
  return { session: json as unknown as Session, cookie };
};

const note = { to: 'everyone', by: 'notify', text: 'x' };

test.each([
  ['/example/', 'text/html', '<title>'],
  ['/example', 'text/html', '<title>'],
  ['/example/page.css', 'text/css', ':root'],
  ['/example/page.js', 'text/javascript', 'AWS4-HMAC-SHA256'],
  ['/example/tab.html', 'text/html', 'tab.js'],
  ['/example/tab.js', 'text/javascript', 'AWS4-HMAC-SHA256'],
  ['/example/icon.svg', 'image/svg+xml', '<svg'],
])('serves %s', async (path, type, part) => {
  const response = await fetch(runtime.url + path);
  expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  expect(await response.text()).toContain(part);
});

test.each(['nothing', '__proto__', 'constructor', 'ada', 'ada/', 'ada/constructor', 'ada/login/x', 'eve/login'])(
  'has nothing at %s',
  async (path) => {
    expect((await fetch(`${runtime.url}/example/${path}`)).status).toBe(404);
  },
);

test('leaves other paths to the API', async () => {
  expect((await fetch(`${runtime.url}/examples`)).status).toBe(403);
});

test('logs in with a session that the page can use, and with a cookie that scripts cannot read', async () => {
  const response = await fetch(`${runtime.url}/example/ada/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(response.headers.get('set-cookie')).toMatch(
    /^example-ada=[\w-]+; HttpOnly; SameSite=Strict; Path=\/example\/ada; Max-Age=86400$/,
  );
  const session = (await response.json()) as Session;
  expect(session).toMatchObject({ accountId: account, userId: 7 });
  expect(session).not.toHaveProperty('identityId');
  expect(await stack.receive(session)).toEqual([]);
});

test('shares its account with nothing else that comes with the service', async () => {
  const demo = await readFile(join(import.meta.dirname, '..', '..', 'examples', 'demo.ts'), 'utf8');
  const accounts = [...demo.matchAll(/await open\((\d+),/g)].map(([, id]) => Number(id));
  expect(accounts.length).toBeGreaterThan(0);
  expect([...accounts, 12345]).not.toContain(account);
});

test.each(['notify', 'stream'])('sends to the chosen recipients, by %s', async (by) => {
  const [ada, adaToo, ben] = [await logIn('ada'), await logIn('ada'), await logIn('ben')];
  for (const to of ['everyone', 'Ada', 'Ben', 'this browser']) {
    expect(await post('ada/notify', { to, by, text: to }, ada.cookie)).toMatchObject({ status: 200 });
  }
  await runtime.idle();
  const received = async ({ session }: typeof ada): Promise<unknown[]> =>
    (await stack.receive(session)).map((body) => textSchema.parse(JSON.parse(body)).text);
  expect(await received(ada)).toEqual(['everyone', 'Ada', 'this browser']);
  expect(await received(adaToo)).toEqual(['everyone', 'Ada']);
  expect(await received(ben)).toEqual(['everyone', 'Ben']);
  for (const { cookie } of [ada, adaToo]) await post('ada/logout', {}, cookie);
  await post('ben/logout', {}, ben.cookie);
});

test('says who sent a note by the login, whatever the page says', async () => {
  const { session, cookie } = await logIn('ben');
  await post('ben/notify', { ...note, from: 'Ada', type: 'other', accountId: 1, to: 'this browser' }, cookie);
  const sent = { accountId: account, sessionId: session.sessionId, type: 'note', from: 'Ben', to: 'this browser' };
  const [body = ''] = await stack.receive(session);
  expect(JSON.parse(body)).toEqual({ ...sent, by: 'notify', text: 'x' });
});

test('takes nobody for another, even with the cookie under the other name', async () => {
  const { cookie } = await logIn('ben');
  for (const action of ['renew', 'notify', 'logout']) {
    const answered = await post(`ada/${action}`, note, cookie.replace('example-ben', 'example-ada'));
    expect(answered).toMatchObject({ status: 404, json: { message: 'Ada is not logged in here.' } });
  }
  expect(await post('ben/notify', note, cookie)).toMatchObject({ status: 200 });
});

test('renews the keys of a person who is logged in', async () => {
  const { session, cookie } = await logIn('ben');
  const { json } = await post('ben/renew', {}, cookie);
  expect(json).toMatchObject({ sqsUrl: session.sqsUrl, userId: 8 });
  expect(json['accessKey']).not.toBe(session.accessKey);
});

test('resumes a login, and says without an error that there is none', async () => {
  const { session, cookie } = await logIn('ben');
  expect(await post('ben/resume', {}, cookie)).toMatchObject({ status: 200, json: { sqsUrl: session.sqsUrl } });
  expect(await post('ben/resume', {})).toMatchObject({ status: 200, json: {} });
});

test('ends the login that the person had in this browser', async () => {
  const before = await logIn('ada');
  const { cookie } = await post('ada/login', {}, before.cookie);
  expect(await post('ada/renew', {}, before.cookie)).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  stack.settle();
  await expect(stack.receive(before.session)).rejects.toThrow();
  expect(await post('ada/notify', note, cookie)).toMatchObject({ status: 200 });
});

test('forgets a login after a day', async () => {
  let now = Date.now();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new BackendClient({ apiUrl: runtime.outputs['ApiUrl'] ?? '', credentials });
  const backend = new ExampleBackend(client, () => now);
  const ask = (action: string, cookie = ''): Promise<Response | undefined> => {
    const headers = { 'content-type': 'application/json', cookie };
    return backend.handle(`ada/${action}`, new Request(runtime.url, { method: 'POST', headers, body: '{}' }));
  };
  const cookie = (await ask('login'))?.headers.get('set-cookie')?.split(';')[0] ?? '';
  now += 24 * 3_600_000 - 1;
  expect(await ask('renew', cookie)).toHaveProperty('status', 200);
  now += 1;
  expect(await ask('renew', cookie)).toHaveProperty('status', 404);
});

test('creates the session anew when it is gone while the login lasts', async () => {
  const { session, cookie } = await logIn('ada');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  await new BackendClient({ apiUrl: runtime.outputs['ApiUrl'] ?? '', credentials }).destroySession(session);
  const { status, json } = await post('ada/renew', {}, cookie);
  expect([status, json['sessionId']]).toEqual([200, session.sessionId]);
  expect(json['sqsUrl']).not.toBe(session.sqsUrl);
});

test('logs out for good', async () => {
  const { session, cookie } = await logIn('ben');
  expect(await post('ben/logout', {}, cookie)).toMatchObject({ status: 200 });
  expect(await post('ben/renew', {}, cookie)).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  stack.settle();
  await expect(stack.receive(session)).rejects.toThrow();
});

describe('refuses', () => {
  test.each(['renew', 'notify', 'logout'])('%s of nobody', async (action) => {
    const answered = await post(`ada/${action}`, {}, 'example-ada=guess');
    expect(answered).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  });

  test.each([
    { ...note, to: 'all' },
    { ...note, by: 'pigeon' },
    { ...note, text: '' },
    { ...note, text: 'x'.repeat(501) },
    {},
  ])('the note %j', async (wrong) => {
    const { cookie } = await logIn('ada');
    expect(await post('ada/notify', wrong, cookie)).toMatchObject({ status: 400, json: { error: 'InvalidNote' } });
  });

  test('what a form of another site could send', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' };
    expect((await fetch(`${runtime.url}/example/ada/login`, init)).status).toBe(405);
  });
});
